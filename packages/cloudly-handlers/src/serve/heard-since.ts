/** How much the clock and the timer may differ from one look to the next: corrections of NTP, and leap seconds. */
const DRIFT_MAX_MS = 10_000;

/**
 * Since when this Cloudly would have heard a node: since it is up, or since its clock has jumped. After a jump it is not known
 * how long nodes have been quiet; a machine that was suspended looks the same. Call it whenever you read the clock.
 *
 * @param wallMs milliseconds since 1970, by the clock. @param monotonicMs milliseconds of a monotonic timer.
 */
export function createHeardSince(upSinceMs: () => number): (wallMs: number, monotonicMs: number) => number {
  let last: { wallMs: number; monotonicMs: number } | undefined;
  let jumpedAtMs: number | undefined;
  return (wallMs, monotonicMs) => {
    const driftMs = last ? wallMs - last.wallMs - (monotonicMs - last.monotonicMs) : 0;
    if (Math.abs(driftMs) > DRIFT_MAX_MS) jumpedAtMs = wallMs;
    last = { wallMs, monotonicMs };
    return jumpedAtMs ?? upSinceMs();
  };
}
