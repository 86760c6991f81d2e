import {
  type HeartbeatAnswer,
  JSON_MEDIA_TYPE,
  type JudgedProblem,
  PROTOCOL_VERSION,
  type LegacyHeartbeatAnswer,
  type LegacyRegisterAnswer,
  type RegisterAccepted,
  type RegisterPending,
  type WakeAnswer,
} from '@serve.zone/baseos-contracts';
import { type ProblemIssuer, problemResponse } from './problem-response.js';

type AnswerBody = RegisterAccepted | RegisterPending | HeartbeatAnswer | WakeAnswer;

/** The common members of every answer are added when it is written. */
type Particulars<Body> = Body extends AnswerBody ? Omit<Body, 'protocol' | 'cloudlyId' | 'serverTime'> : never;

export type Accepted = { status: 200 | 201 | 202; retryAfterMs?: number } & (
  | { body: Particulars<AnswerBody> }
  /** For a legacy node. */
  | { legacyBody: LegacyRegisterAnswer | LegacyHeartbeatAnswer }
);

export interface Refusal {
  problem: JudgedProblem;
  retryAfterMs?: number;
  claimedNodeId?: string;
  /** The approval code of the other registration key. */
  claimedApprovalCode?: string;
}

/** The verdict on a request. */
export type Answer = Accepted | Refusal;

export interface Issuer {
  cloudlyId: string;
  now: () => number;
}

/** The HTTP response for an answer. `hadCredential` distinguishes a bad credential from none (RFC 6750, 3.1). */
export function writeAnswer(
  answer: Answer,
  issuer: Issuer,
  { hadCredential, endpoint }: Pick<ProblemIssuer, 'hadCredential' | 'endpoint'>,
): Response {
  const { cloudlyId, now } = issuer;
  const { retryAfterMs } = answer;
  if ('problem' in answer) {
    return problemResponse(answer.problem, { cloudlyId, nowMs: now(), retryAfterMs, hadCredential, endpoint });
  }
  const headers = new Headers({ 'cache-control': 'no-store', 'content-type': JSON_MEDIA_TYPE });
  if (retryAfterMs !== undefined) headers.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
  const serverTime = new Date(now()).toISOString();
  const body =
    'body' in answer ? { protocol: PROTOCOL_VERSION, cloudlyId, serverTime, ...answer.body } : answer.legacyBody;
  return new Response(JSON.stringify(body), { status: answer.status, headers });
}
