import type { Maintenance } from '../fleet-store/maintenance.js';
import { isInScope, matches, type SelectableNode } from '../selector/matches.js';
import { parseSelector } from '../selector/parse-selector.js';

/** Whether it holds alerts back at this time. */
function isInForce({ fromMs, untilMs, endedAtMs }: Maintenance, nowMs: number): boolean {
  return fromMs <= nowMs && nowMs < untilMs && endedAtMs === undefined;
}

/** The maintenance in force that a node is in, the last to end if there are several. */
export function maintenanceOf(
  maintenances: readonly Maintenance[],
  node: SelectableNode,
  nowMs: number,
): Maintenance | undefined {
  let last: Maintenance | undefined;
  for (const maintenance of maintenances) {
    const { selector, scope, untilMs } = maintenance;
    if (!isInForce(maintenance, nowMs) || (last && last.untilMs >= untilMs)) continue;
    if (isInScope(scope, node.labels) && matches(parseSelector(selector), node, nowMs)) last = maintenance;
  }
  return last;
}
