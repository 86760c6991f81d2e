import * as v from 'valibot';
import { PROTOCOL_VERSION } from './endpoints.js';
import { type HeartbeatRequest, heartbeatRequestSchema } from './heartbeat.js';
import { isLargerAsJson } from './is-larger-as-json.js';
import { issuesOf } from './issues.js';
import { limits } from './limits.js';
import type { JudgedProblem } from './problem.js';
import {
  type ProvisionalHeartbeatRequest,
  provisionalHeartbeatRequestSchema,
  type ProvisionalRegisterRequest,
  provisionalRegisterRequestSchema,
} from './provisional.js';
import { type RegisterRequest, registerRequestSchema } from './register.js';
import { parseSafeJsonObject } from './safe-json.js';
import { isLongerInUtf8 } from './utf8-length.js';

export type ParsedRequest<Request> = { ok: true; value: Request } | { ok: false; problem: JudgedProblem };

/**
 * A register request from the text of its body, or the problem to answer with: `payload-too-large`, `malformed-request`
 * with its issues, or `unsupported-protocol`.
 */
export const parseRegisterRequest = (body: string): ParsedRequest<RegisterRequest> =>
  parseRequest(registerRequestSchema, body, PROTOCOL_VERSION);

/**
 * A heartbeat request from the text of its body, or the problem to answer with: `payload-too-large`, `malformed-request`
 * with its issues, or `unsupported-protocol`. Command results that cannot be read are dropped, the others kept.
 */
export const parseHeartbeatRequest = (body: string): ParsedRequest<HeartbeatRequest> =>
  parseRequest(heartbeatRequestSchema, body, PROTOCOL_VERSION);

/** A register request of a node of the predecessor, which has no `protocol`, or the problem to answer with. */
export const parseProvisionalRegisterRequest = (body: string): ParsedRequest<ProvisionalRegisterRequest> =>
  parseRequest(provisionalRegisterRequestSchema, body, undefined);

/** A heartbeat of a node of the predecessor, which has no `protocol`, or the problem to answer with. */
export const parseProvisionalHeartbeatRequest = (body: string): ParsedRequest<ProvisionalHeartbeatRequest> =>
  parseRequest(provisionalHeartbeatRequestSchema, body, undefined);

const parseRequest = <Request>(
  schema: v.GenericSchema<unknown, Request>,
  body: string,
  spokenProtocol: number | undefined,
): ParsedRequest<Request> => {
  if (isLongerInUtf8(body, limits.bodyMaxBytes)) return tooLarge('', limits.bodyMaxBytes);

  const json = parseSafeJsonObject(body);
  if (!json.ok) return { ok: false, problem: { code: 'malformed-request', issues: [json.issue] } };

  const { protocol, status } = json.value;
  if (protocol !== spokenProtocol) {
    return { ok: false, problem: { code: 'unsupported-protocol', supported: [PROTOCOL_VERSION] } };
  }
  if (isLargerAsJson(status, limits.statusMaxBytes)) {
    return tooLarge('status', limits.statusMaxBytes);
  }

  if (json.longString) return { ok: false, problem: { code: 'malformed-request', issues: [json.longString] } };

  const parsed = v.safeParse(schema, json.value);
  return parsed.success
    ? { ok: true, value: parsed.output }
    : { ok: false, problem: { code: 'malformed-request', issues: issuesOf(parsed.issues) } };
};

const tooLarge = (path: string, maxBytes: number): { ok: false; problem: JudgedProblem } => ({
  ok: false,
  problem: {
    code: 'payload-too-large',
    detail: `At most ${maxBytes} bytes are taken.`,
    issues: [{ path, rule: 'max-bytes' }],
  },
});
