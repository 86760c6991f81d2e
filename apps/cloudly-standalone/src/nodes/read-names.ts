import type { CallerFleet } from '@serve.zone/baseos-cloudly-handlers';
import { nameNode } from './name-node.js';

/** As many as a page has at most. */
const IDS_AT_ONCE = 1000;

/** What people call these nodes, by their IDs; without those that there are not. */
export async function readNames(fleet: CallerFleet, nodeIds: readonly string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (let start = 0; start < nodeIds.length; start += IDS_AT_ONCE) {
    const anyOf = nodeIds.slice(start, start + IDS_AT_ONCE);
    const selector = { terms: [{ field: 'id', anyOf, isNot: false } as const] };
    const { nodes } = await fleet.listNodes({ selector, limit: IDS_AT_ONCE });
    for (const { facts } of nodes) names.set(facts.nodeId, nameNode(facts));
  }
  return names;
}
