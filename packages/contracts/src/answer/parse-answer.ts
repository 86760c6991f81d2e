import * as v from 'valibot';
import { type HeartbeatAnswer, heartbeatAnswerSchema } from '../messages/heartbeat.js';
import { issuesOf } from '../reading/issues.js';
import { type Issue, problemSchema, type ReceivedProblem } from '../messages/problem.js';
import {
  type LegacyHeartbeatAnswer,
  legacyHeartbeatAnswerSchema,
  type LegacyRegisterAnswer,
  legacyRegisterAnswerSchema,
} from '../legacy/legacy-messages.js';
import { type RegisterAnswer, registerAnswerSchema } from '../messages/register.js';
import { parseSafeJsonObject } from '../reading/safe-json.js';
import { type WakeAnswer, wakeAnswerSchema } from '../messages/wake.js';

/** The answer, or why the text is not an answer: a captive portal's page, a proxy's error, another program's JSON. */
export type ParsedAnswer<Answer> = { ok: true; value: Answer } | { ok: false; issues: Issue[] };

/** Cloudly's answer to register, from the text of its body: `accepted` distinguishes 200 and 201 from 202. */
export function parseRegisterAnswer(body: string): ParsedAnswer<RegisterAnswer> {
  return parse(registerAnswerSchema, body);
}

/** Cloudly's answer to a heartbeat from the text of its body. */
export function parseHeartbeatAnswer(body: string): ParsedAnswer<HeartbeatAnswer> {
  return parse(heartbeatAnswerSchema, body);
}

/** Cloudly's answer to a request that waited to be woken, from the text of its body. */
export function parseWakeAnswer(body: string): ParsedAnswer<WakeAnswer> {
  return parse(wakeAnswerSchema, body);
}

/** A problem document of Cloudly from the text of its body; `code` may be one that only a newer Cloudly knows. */
export function parseProblem(body: string): ParsedAnswer<ReceivedProblem> {
  return parse(problemSchema, body);
}

/** A legacy Cloudly's answer to register: with a node token and without `protocol`. */
export function parseLegacyRegisterAnswer(body: string): ParsedAnswer<LegacyRegisterAnswer> {
  return parse(legacyRegisterAnswerSchema, body);
}

/** A legacy Cloudly's answer to a heartbeat: any JSON object without `protocol`. */
export function parseLegacyHeartbeatAnswer(body: string): ParsedAnswer<LegacyHeartbeatAnswer> {
  return parse(legacyHeartbeatAnswerSchema, body);
}

function parse<Answer>(schema: v.GenericSchema<unknown, Answer>, body: string): ParsedAnswer<Answer> {
  const json = parseSafeJsonObject(body);
  if (!json.ok) return { ok: false, issues: [json.issue] };
  const parsed = v.safeParse(schema, json.value);
  return parsed.success ? { ok: true, value: parsed.output } : { ok: false, issues: issuesOf(parsed.issues) };
}
