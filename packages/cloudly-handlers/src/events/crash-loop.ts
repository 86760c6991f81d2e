import type { NodeRecord, SupersededBoot } from '../fleet/node-record.js';
import type { NodeChange } from './fleet-event.js';

/** So many restarts in so long are more than an update of the agent and a few reboots by hand. */
const RESTARTS = 5;
const WITHIN_MS = 3_600_000;

/** That the agent keeps restarting: told with the restart that makes it a crash loop, not with those that follow. */
export function crashLoopOf(before: NodeRecord, after: NodeRecord): NodeChange | undefined {
  const [last, ...earlier] = after.supersededBoots;
  if (before.bootId === after.bootId || last?.bootId !== before.bootId) return undefined;
  const withinMs = restartsWithinMs(after.supersededBoots);
  if (withinMs === undefined || restartsWithinMs(earlier) !== undefined) return undefined;
  return { kind: 'crash-loop', details: { startCount: RESTARTS, withinMs } };
}

/** In what time the agent has restarted that often; absent if it was longer, or is not known. */
function restartsWithinMs(boots: readonly SupersededBoot[]): number | undefined {
  const [lastMs, firstMs] = [boots[0]?.supersededAtMs, boots[RESTARTS - 1]?.supersededAtMs];
  if (lastMs === undefined || firstMs === undefined || lastMs - firstMs > WITHIN_MS) return undefined;
  return Math.max(0, lastMs - firstMs);
}
