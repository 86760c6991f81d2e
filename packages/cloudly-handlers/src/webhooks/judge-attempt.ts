import type { Delivery } from '../fleet-store/webhook.js';
import type { EndedAttempt } from '../fleet-store/webhook-store.js';
import type { Attempt } from './attempt-delivery.js';
import { nextWaitMs } from './retries.js';

const GONE = 410;

/** What becomes of a delivery after an attempt, and what it says about the receiver. A test is sent once, and says nothing. */
export function judgeAttempt(
  { webhookId, id: deliveryId, kind, attempts }: Delivery,
  { answer, result }: Attempt,
  random: number,
): EndedAttempt {
  const ended = { webhookId, deliveryId, attempts, result, dueAtMs: result.atMs };
  const isTest = kind === 'webhook-test';
  if (answer.problem === undefined) {
    return { ...ended, state: 'delivered', verdict: isTest ? undefined : 'delivered' };
  }
  if (isTest) return { ...ended, state: 'failed', verdict: undefined };
  if (answer.status === GONE) return { ...ended, state: 'failed', verdict: 'gone' };
  const waitMs = nextWaitMs({ attempts, retryAfterMs: answer.retryAfterMs, random });
  if (waitMs === undefined) return { ...ended, state: 'failed', verdict: 'failed' };
  return { ...ended, state: 'waiting', dueAtMs: result.atMs + waitMs, verdict: 'failed' };
}
