import { isProblemCode, problemSchema } from '@serve.zone/baseos-contracts';
import type { HeartbeatOutcome, RegisterOutcome, WakeOutcome } from './outcome.js';

const REDACTED = '[redacted]';

/** A shorter text protects nothing, and replacing it would garble words that contain it. */
const SECRET_MIN_LENGTH = 6;

/**
 * The outcome without the secrets that were sent. An outcome without an answer may be logged, and a server or a proxy may
 * repeat what it received.
 */
export function redactSecrets<Outcome extends RegisterOutcome | HeartbeatOutcome | WakeOutcome>(
  outcome: Outcome,
  secrets: readonly string[],
): Outcome {
  if ('answer' in outcome) return outcome;
  const guarded = secrets.filter((secret) => secret.length >= SECRET_MIN_LENGTH);
  return redact(outcome, guarded) as Outcome;
}

function redact(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return redactText(value, secrets);
  if (Array.isArray(value)) return value.map((item) => redact(item, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      ownMembers.has(key) ? key : redactText(key, secrets),
      decides(key, member) ? member : redact(member, secrets),
    ]),
  );
}

function redactText(text: string, secrets: readonly string[]): string {
  return secrets.reduce((redacted, secret) => redacted.replaceAll(secret, REDACTED), text);
}

/** Members of outcomes and problems keep their names. Any other key comes from the server. */
const ownMembers: ReadonlySet<string> = new Set([
  'kind',
  'status',
  'problem',
  'reason',
  'message',
  'remedy',
  'timeoutMs',
  'retryAfterMs',
  ...Object.keys(problemSchema.entries),
]);

/** A secret that happens to be `refused` must not change the outcome. */
function decides(key: string, member: unknown): boolean {
  return key === 'kind' || (key === 'code' && typeof member === 'string' && isProblemCode(member));
}
