/** What a clock and a timer may differ by over the time of a trust: what NTP corrects step by step, and leap seconds. */
const DRIFT_MAX_MS = 60_000;

/** How long a clock has to run with the timer before it is believed. */
const TRUSTED_AFTER_MS = 3_600_000;

/**
 * Tells whether a clock can be believed: it has run evenly for an hour, by a timer that nobody can set. A clock that was set,
 * forward or back, has to do so again. Call it whenever you read the clock.
 *
 * @param wallMs milliseconds since 1970, as the clock says.
 * @param monotonicMs milliseconds since any moment, which only ever grow.
 */
export function createClockTrust(): (wallMs: number, monotonicMs: number) => boolean {
  let since: { wallMs: number; monotonicMs: number } | undefined;
  return (wallMs, monotonicMs) => {
    since ??= { wallMs, monotonicMs };
    const ranForMs = monotonicMs - since.monotonicMs;
    const driftMs = wallMs - since.wallMs - ranForMs;
    if (Math.abs(driftMs) <= DRIFT_MAX_MS) return ranForMs >= TRUSTED_AFTER_MS;
    since = { wallMs, monotonicMs };
    return false;
  };
}
