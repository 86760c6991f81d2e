import type { Plan } from './plan.js';

/** Between two heartbeats that news of a command have brought forward. */
const newsApartMs = 5000;

/**
 * The plan after news of a command that Cloudly should know soon. Only a wait that is the node's own pace is shortened, and
 * none that Cloudly or a failure has set. Pure.
 *
 * @param lastMs when the last one that was brought forward was due
 */
export function bringForward(plan: Plan, { nowMs, lastMs }: { nowMs: number; lastMs: number | undefined }): Plan {
  const { kind } = plan.reason;
  if (kind !== 'interval' && kind !== 'start-spread') return plan;
  const atMonotonicMs = lastMs === undefined ? nowMs : Math.max(nowMs, lastMs + newsApartMs);
  if (atMonotonicMs >= plan.atMonotonicMs) return plan;
  return { ...plan, atMonotonicMs, atWallMs: plan.atWallMs - (plan.atMonotonicMs - atMonotonicMs) };
}
