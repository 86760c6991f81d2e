import { mostUrgent } from '../../alerts/alert-kinds.js';
import { foldText } from '../../facts/fold-text.js';
import type { CountField, FleetCursor, FleetSort, OperatorStore, ValueCount } from '../../fleet-store/fleet-store.js';
import { matches } from '../../selector/matches.js';
import type { Selector } from '../../selector/selector.js';
import { isInScope } from '../../selector/matches.js';
import { type Behalf, instantOf } from '../records/behalf.js';
import { type FactColumns, factColumns } from '../records/fact-rows.js';
import type { MemoryFleet } from './memory-fleet.js';
import { fleetNode, type NodeEntry } from './node-entry.js';
import { isLabelField, sortColumns, textColumns } from '../records/field-columns.js';

type ListOperations = Pick<
  OperatorStore,
  'listFleet' | 'countFleet' | 'countFleetBy' | 'findFleetNodes' | 'findNodesNamed' | 'countLabelKeys'
>;

export function createListOperations({ nodes }: MemoryFleet, behalf: Behalf): ListOperations {
  const visible = (): NodeEntry[] => [...nodes.all()].filter(({ profile }) => isInScope(behalf.scope, profile.labels));
  const selected = (selector: Selector): NodeEntry[] => {
    const nowMs = instantOf(behalf);
    return visible().filter((entry) => matches(selector, fleetNode(entry), nowMs));
  };
  const byId = (entries: readonly NodeEntry[], limit: number) =>
    entries
      .toSorted((one, other) => compare(one.node.nodeId, other.node.nodeId))
      .slice(0, limit)
      .map(fleetNode);

  return {
    async listFleet({ selector, sort, after, limit }) {
      const direction = sort.isDescending ? -1 : 1;
      const order = (one: FleetCursor, other: FleetCursor): number =>
        direction * (compare(one.value, other.value) || compare(one.nodeId, other.nodeId));
      const placed = selected(selector)
        .map((entry) => ({ entry, place: { value: sortValue(entry, sort), nodeId: entry.node.nodeId } }))
        .filter(({ place }) => !after || order(place, after) > 0)
        .toSorted((one, other) => order(one.place, other.place));
      const page = placed.slice(0, limit);
      const next = placed.length > limit ? page.at(-1)?.place : undefined;
      return { nodes: page.map(({ entry }) => fleetNode(entry)), ...(next && { next }) };
    },

    countFleet: async ({ selector, max }) => Math.min(selected(selector).length, max),

    countFleetBy: async (field, { selector, limit }) =>
      countValues(selected(selector).map((entry) => countedValue(entry, field)))
        .toSorted((one, other) => other.count - one.count || compare(one.value, other.value))
        .slice(0, limit),

    findFleetNodes: async (nodeIds) =>
      byId(
        visible().filter(({ node }) => nodeIds.includes(node.nodeId)),
        nodeIds.length,
      ),

    async findNodesNamed(text, limit) {
      if (text === '') return [];
      const entries = visible();
      const named = entries.filter(({ facts }) => isNamed(factColumns(facts), text));
      const begins = ({ facts: { nodeId, uuid } }: NodeEntry): boolean =>
        nodeId.startsWith(text) || uuid?.startsWith(text) === true;
      return byId(named.length > 0 ? named : entries.filter(begins), limit);
    },

    countLabelKeys: async (limit) =>
      countValues(visible().flatMap(({ profile }) => Object.keys(profile.labels)))
        .toSorted((one, other) => compare(one.value, other.value))
        .slice(0, limit),
  };
}

function isNamed({ node_id, shown_name, hostname, uuid }: FactColumns, text: string): boolean {
  return [node_id, hostname, uuid].includes(text) || shown_name === foldText(text);
}

function sortValue({ facts, quietSinceMs, openAlerts }: NodeEntry, { by }: FleetSort): string | number {
  if (by === 'urgency') return mostUrgent(openAlerts);
  return by === 'seen' ? quietSinceMs : factColumns(facts)[sortColumns[by]];
}

function countedValue({ facts, state, profile: { labels } }: NodeEntry, field: CountField): string {
  if (field === 'state') return state;
  if (!isLabelField(field)) return factColumns(facts)[textColumns[field]];
  const key = field.slice('label.'.length);
  return Object.hasOwn(labels, key) ? (labels[key] ?? '') : '';
}

function countValues(values: readonly string[]): ValueCount[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count }));
}

/** As databases order the values of a column, which are of one type: numbers, or texts by their characters. */
export function compare(one: string | number, other: string | number): number {
  if (typeof one === 'number' || typeof other === 'number') return Number(one) - Number(other);
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return (one.codePointAt(at) ?? -1) - (other.codePointAt(at) ?? -1);
}
