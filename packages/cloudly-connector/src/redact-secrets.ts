import { isProblemCode } from '@serve.zone/baseos-contracts';
import type { HeartbeatOutcome, RegisterOutcome } from './outcome.js';

const REDACTED = '[redacted]';

/**
 * The outcome without what was sent as a secret. An outcome without an answer is made to be logged, and a server or a
 * proxy may repeat in it what it received.
 */
export const redactSecrets = <Outcome extends RegisterOutcome | HeartbeatOutcome>(
  outcome: Outcome,
  secrets: readonly string[],
): Outcome => ('answer' in outcome ? outcome : (redact(outcome, secrets) as Outcome));

const redact = (value: unknown, secrets: readonly string[]): unknown => {
  if (typeof value === 'string') {
    return secrets.reduce((text, secret) => text.replaceAll(secret, REDACTED), value);
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      redact(key, secrets),
      decides(key, member) ? member : redact(member, secrets),
    ]),
  );
};

/** A short token, such as `used`, shall not change what the outcome is. */
const decides = (key: string, member: unknown): boolean =>
  key === 'kind' || (key === 'code' && typeof member === 'string' && isProblemCode(member));
