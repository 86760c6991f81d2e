import { FleetError } from '@serve.zone/baseos-cloudly-handlers';

/** @throws FleetError unless something can last for so long */
export function requireDurationMs(what: string, durationMs: number, maxMs: number): void {
  if (Number.isSafeInteger(durationMs) && durationMs >= 1 && durationMs <= maxMs) return;
  const days = Math.floor(maxMs / (24 * 3_600_000));
  throw new FleetError('value-invalid', `${what} expires after at least a millisecond, and at most ${days} days`, {
    remedy: 'Choose another duration.',
  });
}
