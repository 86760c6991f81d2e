import { createListeners } from '../../fleet/listeners.js';
import { passesFilter } from '../../events/event-filter.js';
import type { FleetEvent, WrittenEvent } from '../../events/fleet-event.js';
import type { EventQuery } from '../../fleet-store/fleet-store.js';
import { copy } from './copy.js';

/** An event as it is kept. */
export interface LoggedEvent {
  event: FleetEvent;
  /** Of the node that had the ID then. */
  registeredAtMs?: number | undefined;
}

type OnEvents = (events: readonly WrittenEvent[]) => void;

/** What has happened, in one order. */
export interface EventLog {
  /** @param registeredAtMs of the node that they are about */
  tell(this: void, events: readonly WrittenEvent[], registeredAtMs?: number): void;
  list(this: void, query: EventQuery, isVisible: (logged: LoggedEvent) => boolean): FleetEvent[];
  /** The registration of the last event about a node. */
  lastRegistration(this: void, nodeId: string): number | undefined;
  drop(this: void, isOld: (event: FleetEvent) => boolean): void;
  epoch(this: void): string;
  renew(this: void): void;
  onWritten(this: void, onEvents: OnEvents): () => void;
}

export function createEventLog(): EventLog {
  let log: LoggedEvent[] = [];
  let count = 0;
  let epoch: string = globalThis.crypto.randomUUID();
  const listeners = createListeners<Parameters<OnEvents>>();

  return {
    tell(events, registeredAtMs) {
      if (events.length === 0) return;
      for (const event of events) {
        count += 1;
        log.push({ event: { position: count, ...copy(event) }, registeredAtMs });
      }
      listeners.tell(copy(events));
    },
    list({ after, before = Infinity, limit, ...filter }, isVisible) {
      const isAsked = (logged: LoggedEvent): boolean => {
        const { event } = logged;
        return (
          event.position > (after ?? 0) && event.position < before && passesFilter(event, filter) && isVisible(logged)
        );
      };
      const asked = (after === undefined ? log.toReversed() : log).filter(isAsked);
      return asked.slice(0, limit).map(({ event }) => copy(event));
    },
    lastRegistration: (nodeId) =>
      log.findLast(({ event, registeredAtMs }) => event.nodeId === nodeId && registeredAtMs !== undefined)
        ?.registeredAtMs,
    drop(isOld) {
      log = log.filter(({ event }) => !isOld(event));
    },
    epoch: () => epoch,
    renew() {
      epoch = globalThis.crypto.randomUUID();
    },
    onWritten: listeners.add,
  };
}
