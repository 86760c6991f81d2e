import type { CallerFleet, FleetEvent } from '@serve.zone/baseos-cloudly-handlers';
import { readNames } from '../nodes/read-names.js';

export interface NamedEvent {
  event: FleetEvent;
  /** What people call the node, if it is about one that there is. */
  nodeName?: string | undefined;
}

/** Adds the names of nodes to events; a name is read once. */
export function eventNamer(fleet: CallerFleet): (events: readonly FleetEvent[]) => Promise<NamedEvent[]> {
  const names = new Map<string, string>();
  return async (events) => {
    const nodeIds = new Set(events.flatMap(({ nodeId = '' }) => (nodeId === '' || names.has(nodeId) ? [] : [nodeId])));
    for (const [nodeId, name] of await readNames(fleet, [...nodeIds])) names.set(nodeId, name);
    return events.map((event) => ({ event, nodeName: names.get(event.nodeId ?? '') }));
  };
}
