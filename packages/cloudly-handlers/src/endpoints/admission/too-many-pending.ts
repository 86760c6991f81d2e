import type { Refusal } from '../../messages/answer.js';
import type { HandlerContext } from '../../context/handler-context.js';

/** The node comes again, and finds a place once an operator has decided on one before it. */
export function tooManyPending({ pendingRetryAfterMs }: HandlerContext): Refusal {
  return {
    problem: { code: 'rate-limited', detail: 'The maximum number of nodes for this join token is already pending.' },
    retryAfterMs: pendingRetryAfterMs,
  };
}
