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
import { problemAnswer, type ProblemIssuer } from './problem-response.js';
import type { ServedAnswer } from './served-answer.js';

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

/** What is sent for an answer. `hadCredential` distinguishes a bad credential from none (RFC 6750, 3.1). */
export function writeAnswer(
  answer: Answer,
  issuer: Issuer,
  { hadCredential, endpoint }: Pick<ProblemIssuer, 'hadCredential' | 'endpoint'>,
): ServedAnswer {
  const { cloudlyId, now } = issuer;
  const { retryAfterMs } = answer;
  if ('problem' in answer) {
    return problemAnswer(answer.problem, { cloudlyId, nowMs: now(), retryAfterMs, hadCredential, endpoint });
  }
  const serverTime = new Date(now()).toISOString();
  const body =
    'body' in answer ? { protocol: PROTOCOL_VERSION, cloudlyId, serverTime, ...answer.body } : answer.legacyBody;
  return { status: answer.status, headers: headersFor(retryAfterMs), body: JSON.stringify(body) };
}

const plainHeaders = { 'cache-control': 'no-store', 'content-type': JSON_MEDIA_TYPE };

function headersFor(retryAfterMs: number | undefined): ServedAnswer['headers'] {
  if (retryAfterMs === undefined) return plainHeaders;
  return { ...plainHeaders, 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
}
