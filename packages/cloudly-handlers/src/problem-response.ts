import { type JudgedProblem, PROBLEM_MEDIA_TYPE, problemDocument, problems } from '@serve.zone/baseos-contracts';

export interface ProblemSpeaker {
  cloudlyId: string;
  /** @default Date.now() */
  nowMs?: number | undefined;
  /** When to come again, rounded up to whole seconds. */
  retryAfterMs?: number | undefined;
  /**
   * Tells a bad credential from none (RFC 6750, 3.1).
   *
   * @default false
   */
  hadCredential?: boolean | undefined;
}

/** A problem of the contract as a response, with the headers that belong to it. */
export const problemResponse = (problem: JudgedProblem, speaker: ProblemSpeaker): Response => {
  const { cloudlyId, nowMs = Date.now(), retryAfterMs, hadCredential = false } = speaker;
  const { status } = problems[problem.code];
  const headers = new Headers({ 'cache-control': 'no-store', 'content-type': PROBLEM_MEDIA_TYPE });
  if (retryAfterMs !== undefined) headers.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
  if (status === 401) {
    headers.set('www-authenticate', `Bearer realm="baseos"${hadCredential ? ', error="invalid_token"' : ''}`);
  }
  if (status === 405) headers.set('allow', 'POST');
  const document = problemDocument(problem, { cloudlyId, serverTime: new Date(nowMs).toISOString() });
  return new Response(JSON.stringify(document), { status, headers });
};
