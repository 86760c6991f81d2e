import type { FleetEvent } from '../events/fleet-event.js';
import { formatScope } from '../selector/format-selector.js';
import type { EventReads } from './read-window.js';

/** The same reads, one at a time for all who see the same and ask for the same. */
export function shareReads({ eventsEpoch, listEvents }: EventReads): EventReads {
  const underWay = new Map<string, Promise<FleetEvent[]>>();
  return {
    eventsEpoch,
    listEvents(caller, query) {
      const { role, scope } = caller;
      const key = JSON.stringify([role, scope && formatScope(scope), query]);
      const found = underWay.get(key);
      if (found) return found;
      const read = listEvents(caller, query).finally(() => underWay.delete(key));
      underWay.set(key, read);
      return read;
    },
  };
}
