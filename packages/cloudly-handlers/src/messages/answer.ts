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

export type Accepted = { status: 200 | 201 | 202; retryAfterMs?: number; lastWritten?: WrittenAnswer | undefined } & (
  | { body: Particulars<AnswerBody> }
  /** For a legacy node. */
  | { legacyBody: LegacyRegisterAnswer | LegacyHeartbeatAnswer }
);

/** What an answer that many requests get was last written as. */
interface WrittenAnswer extends Issued {
  served: ServedAnswer;
}

interface Issued {
  cloudlyId: string;
  nowMs: number;
}

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
  const { cloudlyId } = issuer;
  const nowMs = issuer.now();
  if ('problem' in answer) {
    const { retryAfterMs } = answer;
    return problemAnswer(answer.problem, { cloudlyId, nowMs, retryAfterMs, hadCredential, endpoint });
  }
  if (!('lastWritten' in answer)) return writeAccepted(answer, { cloudlyId, nowMs });
  const { lastWritten } = answer;
  if (lastWritten?.nowMs === nowMs && lastWritten.cloudlyId === cloudlyId) return lastWritten.served;
  const served = writeAccepted(answer, { cloudlyId, nowMs });
  answer.lastWritten = { cloudlyId, nowMs, served };
  return served;
}

function writeAccepted(answer: Accepted, { cloudlyId, nowMs }: Issued): ServedAnswer {
  const serverTime = new Date(nowMs).toISOString();
  const body =
    'body' in answer ? { protocol: PROTOCOL_VERSION, cloudlyId, serverTime, ...answer.body } : answer.legacyBody;
  return { status: answer.status, headers: headersFor(answer.retryAfterMs), body: JSON.stringify(body) };
}

const plainHeaders = { 'cache-control': 'no-store', 'content-type': JSON_MEDIA_TYPE };

function headersFor(retryAfterMs: number | undefined): ServedAnswer['headers'] {
  if (retryAfterMs === undefined) return plainHeaders;
  return { ...plainHeaders, 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
}
