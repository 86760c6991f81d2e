/** How much a clock and a timer may differ during that time: gradual corrections of NTP, and leap seconds. */
const DRIFT_MAX_MS = 60_000;

/** How long a clock must agree with the timer before it is trusted. */
const TRUSTED_AFTER_MS = 3_600_000;

/**
 * Checks whether a clock can be trusted: it has run evenly for an hour, compared with a monotonic timer. After the
 * clock was set, forward or back, the hour starts again. Call it whenever you read the clock.
 *
 * @param wallMs milliseconds since 1970, by the clock. @param monotonicMs milliseconds of a monotonic timer.
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
