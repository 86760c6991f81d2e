import { type Delivery, describeProblem, type ShownWebhook } from '@serve.zone/baseos-cloudly-handlers';
import { instant } from '../time/instant.js';

/** A webhook as an operator's program may see it, with instants in RFC 3339. */
export function viewWebhook(webhook: ShownWebhook): Record<string, unknown> {
  const { createdAtMs, secretChangedAtMs, disabled, failingSinceMs, ...rest } = webhook;
  return {
    ...rest,
    state: webhookState(webhook),
    createdAt: instant(createdAtMs),
    secretChangedAt: instant(secretChangedAtMs),
    ...(disabled && { disabled: { at: instant(disabled.atMs), reason: disabled.reason } }),
    ...(failingSinceMs !== undefined && { failingSince: instant(failingSinceMs) }),
  };
}

/** How a webhook is doing, in a word. */
export function webhookState({ disabled, failingSinceMs, key }: ShownWebhook): string {
  if (disabled) return `disabled (${disabled.reason})`;
  if (key === 'missing') return 'no server key';
  if (failingSinceMs !== undefined) return 'failing';
  return key === 'changed' ? 'other server key' : 'enabled';
}

/** A delivery as an operator's program may see it, with instants in RFC 3339. */
export function viewDelivery({ createdAtMs, dueAtMs, last, body, state, ...rest }: Delivery): Record<string, unknown> {
  const isOpen = state === 'waiting' || state === 'sending';
  const problem = last && describeProblem(last);
  return {
    ...rest,
    state,
    createdAt: instant(createdAtMs),
    ...(isOpen && { dueAt: instant(dueAtMs) }),
    ...(last && { last: { ...last, atMs: undefined, at: instant(last.atMs), ...(problem && { meaning: problem }) } }),
    body: JSON.parse(body) as unknown,
  };
}

/** What came of the last attempt, in a few words. */
export function describeResult({ last }: Pick<Delivery, 'last'>): string {
  if (!last) return '';
  return describeProblem(last) ?? `taken (${last.status ?? '-'})`;
}
