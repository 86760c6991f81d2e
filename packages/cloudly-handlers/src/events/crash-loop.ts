import type { NodeRecord } from '../fleet/node-record.js';
import { CRASH_LOOP_RESTARTS, restartsWithinMs } from '../fleet/restarts.js';
import type { NodeChange } from './fleet-event.js';

/** That the agent keeps restarting: told with the restart that makes it a crash loop, not with those that follow. */
export function crashLoopOf(before: NodeRecord, after: NodeRecord): NodeChange | undefined {
  const [last, ...earlier] = after.supersededBoots;
  if (before.bootId === after.bootId || last?.bootId !== before.bootId) return undefined;
  const withinMs = restartsWithinMs(after.supersededBoots);
  if (withinMs === undefined || restartsWithinMs(earlier) !== undefined) return undefined;
  return { kind: 'crash-loop', details: { startCount: CRASH_LOOP_RESTARTS, withinMs } };
}
