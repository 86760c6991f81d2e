import type { Refusal } from '../../messages/answer.js';
import type { HandlerContext } from '../../context/handler-context.js';

/** The node comes again, and finds a place once an operator has decided on one before it. */
export function tooManyPending({ pendingRetryAfterMs }: HandlerContext): Refusal {
  return {
    problem: { code: 'rate-limited', detail: 'As many nodes as this join token may have wait for approval already.' },
    retryAfterMs: pendingRetryAfterMs,
  };
}
