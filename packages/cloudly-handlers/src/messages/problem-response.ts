import {
  type AnyEndpointName,
  type JudgedProblem,
  problemDocument,
  problemHeaders,
  problems,
} from '@serve.zone/baseos-contracts';
import { type ServedAnswer, toResponse } from './served-answer.js';

export interface ProblemIssuer {
  cloudlyId: string;
  /** @default Date.now() */
  nowMs?: number | undefined;
  /** How long the node waits before it retries, rounded up to whole seconds. */
  retryAfterMs?: number | undefined;
  /**
   * Distinguishes a bad credential from none (RFC 6750, 3.1).
   *
   * @default false
   */
  hadCredential?: boolean | undefined;
  /**
   * The endpoint that answers: with a 405, `allow` names its method.
   *
   * @default one of the two that accept POST
   */
  endpoint?: AnyEndpointName | undefined;
}

/** A problem of the contract as a response, with the headers that belong to it. */
export function problemResponse(problem: JudgedProblem, issuer: ProblemIssuer): Response {
  return toResponse(problemAnswer(problem, issuer));
}

export function problemAnswer(problem: JudgedProblem, issuer: ProblemIssuer): ServedAnswer {
  const { cloudlyId, nowMs = Date.now(), retryAfterMs, hadCredential, endpoint } = issuer;
  const { code } = problem;
  const document = problemDocument(problem, { cloudlyId, serverTime: new Date(nowMs).toISOString() });
  const headers = problemHeaders(code, { retryAfterMs, hadCredential, endpoint });
  return { status: problems[code].status, headers, body: JSON.stringify(document) };
}
