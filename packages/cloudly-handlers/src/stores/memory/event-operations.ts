import type { OperatorStore } from '../../fleet-store/fleet-store.js';
import type { Behalf } from '../records/behalf.js';
import type { LoggedEvent } from './event-log.js';
import { findEntry, type MemoryFleet } from './memory-fleet.js';

/** What an operator reads of what has happened. */
export function createEventReading(fleet: MemoryFleet, behalf: Behalf): Pick<OperatorStore, 'listEvents'> {
  const { events, nodes } = fleet;
  return {
    async listEvents(query) {
      const { nodeId } = query;
      // Of the last registration, if the node is forgotten.
      const ofTimeline =
        nodeId === undefined ? undefined : (nodes.find(nodeId)?.node.registeredAtMs ?? events.lastRegistration(nodeId));
      const isVisible = ({ event, registeredAtMs }: LoggedEvent): boolean => {
        if (ofTimeline !== undefined && registeredAtMs !== ofTimeline) return false;
        if (!behalf.scope) return true;
        // Who had the ID before may have been in another scope.
        const entry = findEntry(fleet, behalf, event.nodeId ?? '');
        return entry?.node.registeredAtMs === registeredAtMs && entry !== undefined;
      };
      return events.list(query, isVisible);
    },
  };
}
