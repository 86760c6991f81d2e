import type { Refusal } from '../../messages/answer.js';
import type { HandlerContext } from '../../context/handler-context.js';

/** The node retries, and succeeds once an operator has decided on a node that was pending before it. */
export function tooManyPending({ pendingRetryAfterMs }: HandlerContext): Refusal {
  return {
    problem: { code: 'rate-limited', detail: 'The maximum number of nodes for this join token is already pending.' },
    retryAfterMs: pendingRetryAfterMs,
  };
}
