import { judgeRequestHead } from '@serve.zone/baseos-contracts';
import type { ServedBody, ServedRequest } from './served-request.js';

/** How long a body may take to arrive by default. */
export const BODY_TIMEOUT_MS = 20_000;

/**
 * Reads the bytes of a request's body, at most as many as the contract allows and for at most `timeoutMs`, or returns the
 * problem to answer with.
 *
 * @throws TakenBodyError if other code has already read the body, such as a body parser that is mounted in front.
 */
export async function readJsonBody(request: ServedRequest, timeoutMs: number): Promise<ServedBody> {
  const problem = judgeRequestHead(request);
  return problem ? { ok: false, problem } : request.readBody(timeoutMs);
}
