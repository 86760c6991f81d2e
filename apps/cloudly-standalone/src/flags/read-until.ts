import { UsageError } from '@serve.zone/baseos-command-line';
import { parseDuration } from '../time/parse-duration.js';

/**
 * An instant in the format of RFC 3339, or how long it is from another one on.
 *
 * @throws UsageError that names the flag, what is expected and what was given.
 */
export function readUntilMs(flag: string, text: string, fromMs: number): number {
  const durationMs = parseDuration(text);
  if (durationMs !== undefined) return fromMs + durationMs;
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const atMs = isInstant ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(atMs)) return atMs;
  throw new UsageError(
    `${flag} must be a duration such as 30m, 24h or 7d, or a time with its time zone such as 2026-11-27T06:00:00Z, ` +
      `but is "${text}".`,
  );
}
