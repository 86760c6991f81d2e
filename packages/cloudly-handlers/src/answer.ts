import {
  type HeartbeatAnswer,
  JSON_MEDIA_TYPE,
  type JudgedProblem,
  PROBLEM_MEDIA_TYPE,
  problemDocument,
  problems,
  PROTOCOL_VERSION,
  type RegisterAccepted,
  type RegisterPending,
} from '@serve.zone/baseos-contracts';

type AnswerBody = RegisterAccepted | RegisterPending | HeartbeatAnswer;

/** What every answer carries is added when it is written. */
type Particulars<Body> = Body extends AnswerBody ? Omit<Body, 'protocol' | 'cloudlyId' | 'serverTime'> : never;

/** How a request was judged. */
export type Answer =
  | { status: 200 | 201 | 202; body: Particulars<AnswerBody>; retryAfterMs?: number }
  | { problem: JudgedProblem; retryAfterMs?: number; claimedNodeId?: string };

export interface Speaker {
  cloudlyId: string;
  now: () => number;
}

/** The HTTP response for an answer. `hadCredential` tells a bad credential from none (RFC 6750, 3.1). */
export const writeAnswer = (answer: Answer, speaker: Speaker, hadCredential: boolean): Response => {
  const serverTime = new Date(speaker.now()).toISOString();
  const headers = new Headers({ 'cache-control': 'no-store' });
  if (answer.retryAfterMs !== undefined) headers.set('retry-after', String(Math.ceil(answer.retryAfterMs / 1000)));

  if ('body' in answer) {
    headers.set('content-type', JSON_MEDIA_TYPE);
    const body = { protocol: PROTOCOL_VERSION, cloudlyId: speaker.cloudlyId, serverTime, ...answer.body };
    return new Response(JSON.stringify(body), { status: answer.status, headers });
  }

  const { status } = problems[answer.problem.code];
  if (status === 401)
    headers.set('www-authenticate', `Bearer realm="baseos"${hadCredential ? ', error="invalid_token"' : ''}`);
  if (status === 405) headers.set('allow', 'POST');
  headers.set('content-type', PROBLEM_MEDIA_TYPE);
  const document = problemDocument(answer.problem, { cloudlyId: speaker.cloudlyId, serverTime });
  return new Response(JSON.stringify(document), { status, headers });
};
