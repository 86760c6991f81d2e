import * as v from 'valibot';
import { PROTOCOL_VERSION } from '../protocol/endpoints.js';
import { type HeartbeatRequest, heartbeatRequestSchema } from '../messages/heartbeat.js';
import { isLargerAsJson } from '../values/is-larger-as-json.js';
import { issuesOf } from '../reading/issues.js';
import { limits } from '../protocol/limits.js';
import type { Issue, JudgedProblem } from '../messages/problem.js';
import {
  type LegacyHeartbeatRequest,
  legacyHeartbeatRequestSchema,
  type LegacyRegisterRequest,
  legacyRegisterRequestSchema,
} from '../legacy/legacy-messages.js';
import { type RegisterRequest, registerRequestSchema } from '../messages/register.js';
import { judgeRequestHead } from './request-head.js';
import { isBody, type RequestInput } from './request-input.js';
import { parseSafeJsonObject, type SafeJson } from '../reading/safe-json.js';
import { tooLarge } from './too-large.js';
import { isLongerInUtf8 } from '../values/utf8-length.js';

export type ParsedRequest<Request> = { ok: true; value: Request } | { ok: false; problem: JudgedProblem };

/**
 * A register request, or the problem to answer with. The body alone may be given, as text or as bytes: then the problem is
 * `payload-too-large`, `malformed-request` with its issues, or `unsupported-protocol`. Of a whole request, method,
 * Content-Type and Content-Encoding are judged before that: `method-not-allowed`, `unsupported-media-type`.
 *
 * @throws TypeError for something that is not a request, such as a parsed body.
 */
export function parseRegisterRequest(request: RequestInput): ParsedRequest<RegisterRequest> {
  return parseRequest(registerRequestSchema, request, PROTOCOL_VERSION);
}

/**
 * A heartbeat request, or the problem to answer with, as {@link parseRegisterRequest} gives them. Unreadable command
 * results are dropped, the others kept. Check the method and the token before you read the body, so that a sender
 * without a token costs little.
 *
 * @throws TypeError for something that is not a request, such as a parsed body.
 */
export function parseHeartbeatRequest(request: RequestInput): ParsedRequest<HeartbeatRequest> {
  return parseRequest(heartbeatRequestSchema, request, PROTOCOL_VERSION);
}

/** A register request of a legacy node, which has no `protocol`, or the problem to answer with. */
export function parseLegacyRegisterRequest(request: RequestInput): ParsedRequest<LegacyRegisterRequest> {
  return parseRequest(legacyRegisterRequestSchema, request, undefined);
}

/** A heartbeat of a legacy node, which has no `protocol`, or the problem to answer with. */
export function parseLegacyHeartbeatRequest(request: RequestInput): ParsedRequest<LegacyHeartbeatRequest> {
  return parseRequest(legacyHeartbeatRequestSchema, request, undefined);
}

function parseRequest<Request>(
  schema: v.GenericSchema<unknown, Request>,
  request: RequestInput,
  spokenProtocol: number | undefined,
): ParsedRequest<Request> {
  if (isBody(request)) return parseBody(schema, request, spokenProtocol);
  const problem = judgeRequestHead(request);
  return problem ? { ok: false, problem } : parseBody(schema, request.body ?? '', spokenProtocol);
}

function parseBody<Request>(
  schema: v.GenericSchema<unknown, Request>,
  body: string | Uint8Array,
  spokenProtocol: number | undefined,
): ParsedRequest<Request> {
  const json = readJson(body);
  if (!json.ok) return json;
  const { protocol, status } = json.value;
  if (protocol !== spokenProtocol) return refuse({ code: 'unsupported-protocol', supported: [PROTOCOL_VERSION] });
  if (status !== undefined && isLargerAsJson(status, limits.statusMaxBytes))
    return refuse(tooLarge('status', limits.statusMaxBytes));

  if (json.longString) return malformed([json.longString]);

  const parsed = v.safeParse(schema, json.value);
  return parsed.success ? { ok: true, value: parsed.output } : malformed(issuesOf(parsed.issues));
}

/**
 * A message of another protocol in JSON, or the problem with it: `payload-too-large`, or `malformed-request` with its issues.
 * What is true of any message of this contract is true of it, too: its size and depth, and that its strings are safe.
 */
export function parseJsonMessage<Message>(
  schema: v.GenericSchema<unknown, Message>,
  body: string | Uint8Array,
): ParsedRequest<Message> {
  const json = readJson(body);
  if (!json.ok) return json;
  if (json.longString) return malformed([json.longString]);
  const parsed = v.safeParse(schema, json.value);
  return parsed.success ? { ok: true, value: parsed.output } : malformed(issuesOf(parsed.issues, schema));
}

function readJson(body: string | Uint8Array): Extract<SafeJson, { ok: true }> | { ok: false; problem: JudgedProblem } {
  if (isTooLarge(body)) return refuse(tooLarge('', limits.bodyMaxBytes));
  const text = typeof body === 'string' ? body : decodeUtf8(body);
  if (text === undefined) return malformed([{ path: '', rule: 'utf-8' }]);
  const json = parseSafeJsonObject(withoutByteOrderMark(text));
  return json.ok ? json : malformed([json.issue]);
}

function isTooLarge(body: string | Uint8Array): boolean {
  return typeof body === 'string' ? isLongerInUtf8(body, limits.bodyMaxBytes) : body.byteLength > limits.bodyMaxBytes;
}

/** One for all: without `stream`, each call begins anew, also after a failure. */
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `undefined` for anything but UTF-8. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** JSON has none, but a reader may overlook it (RFC 8259, 8.1). */
function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function malformed(issues: Issue[]): { ok: false; problem: JudgedProblem } {
  return refuse({ code: 'malformed-request', issues });
}

function refuse(problem: JudgedProblem): { ok: false; problem: JudgedProblem } {
  return { ok: false, problem };
}
