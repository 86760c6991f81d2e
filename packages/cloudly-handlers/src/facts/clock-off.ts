/**
 * Signed requests to other services are commonly refused beyond five minutes, and certificates that were just renewed may not be
 * valid yet. A smaller difference confuses nothing but the times in logs, and the agent itself tells of it.
 */
const OFF_FROM_MS = 300_000;

/** Half of it, so that a clock at the bound does not go to and fro. */
const RIGHT_BELOW_MS = 150_000;

/**
 * Whether the clock of a node is far from Cloudly's.
 *
 * @param before whether it was until now; also the answer for a heartbeat that does not say
 */
export function isClockOff(skewMs: number | undefined, before = false): boolean {
  if (skewMs === undefined) return before;
  return Math.abs(skewMs) >= (before ? RIGHT_BELOW_MS : OFF_FROM_MS);
}
