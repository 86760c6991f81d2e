import type { FleetNode } from '../fleet-store/fleet-node.js';
import type { PresenceWeek } from './presence-week.js';

const SAMPLE_MAX = 100;

/** Some of the nodes, of those that are online and of the others, evenly. */
export function presenceSample(nodes: readonly FleetNode[], max: number = SAMPLE_MAX): FleetNode[] {
  const [online, others] = [nodes.filter(isOnline), nodes.filter((node) => !isOnline(node))];
  const half = Math.floor(max / 2);
  const fromOthers = Math.min(others.length, Math.max(half, max - online.length));
  return [...spread(online, max - fromOthers), ...spread(others, fromOthers)];
}

function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_none, index) => items[Math.floor((index * items.length) / count)] as Item);
}

/** The week of each node: its own if that is known, else that of one that is as much online as it is now. */
export function presenceOf(
  nodes: readonly FleetNode[],
  weeks: ReadonlyMap<string, PresenceWeek>,
): (PresenceWeek | undefined)[] {
  const alike = (isOnlineNow: boolean): PresenceWeek[] =>
    nodes.filter((node) => isOnline(node) === isOnlineNow).flatMap(({ facts }) => weeks.get(facts.nodeId) ?? []);
  const [ofOnline, ofOthers] = [alike(true), alike(false)];
  return nodes.map((node, index) => {
    const others = isOnline(node) ? ofOnline : ofOthers;
    return weeks.get(node.facts.nodeId) ?? others[index % Math.max(1, others.length)];
  });
}

function isOnline({ state }: FleetNode): boolean {
  return state === 'online';
}
