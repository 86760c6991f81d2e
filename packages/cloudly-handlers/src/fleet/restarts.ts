import type { SupersededBoot } from './node-record.js';

/** So many restarts in so long are more than an update of the agent and a few reboots by hand. */
export const CRASH_LOOP_RESTARTS = 5;
export const CRASH_LOOP_WITHIN_MS = 3_600_000;

/** In what time the agent has restarted that often; absent if it was longer, or is not known. */
export function restartsWithinMs(boots: readonly SupersededBoot[]): number | undefined {
  const [lastMs, firstMs] = [boots[0]?.supersededAtMs, boots[CRASH_LOOP_RESTARTS - 1]?.supersededAtMs];
  if (lastMs === undefined || firstMs === undefined || lastMs - firstMs > CRASH_LOOP_WITHIN_MS) return undefined;
  return Math.max(0, lastMs - firstMs);
}

/** When the agent has restarted last, if that was so often within an hour that it is in a crash loop. */
export function crashLoopAtMs(boots: readonly SupersededBoot[]): number | undefined {
  return restartsWithinMs(boots) === undefined ? undefined : boots[0]?.supersededAtMs;
}
