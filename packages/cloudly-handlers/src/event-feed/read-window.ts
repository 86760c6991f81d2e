import type { Caller } from '../fleet-calls/caller.js';
import type { EventListQuery } from '../fleet-calls/fleet.js';
import type { FleetEvent } from '../events/fleet-event.js';
import { type EventWindow, withLater } from './event-window.js';

export interface EventReads {
  listEvents(this: void, caller: Caller, query: EventListQuery): Promise<FleetEvent[]>;
  eventsEpoch(this: void, caller: Caller): Promise<string>;
}

/** Who reads for everybody. */
export const reader: Caller = { actor: 'system', role: 'admin' };

export const PAGE_SIZE = 500;

/** So many are kept for those who read a little behind. */
const WINDOW_SIZE = 1000;

/** The end of what there is now. */
export async function openWindow(fleet: EventReads): Promise<EventWindow> {
  const epoch = await fleet.eventsEpoch(reader);
  const [newest] = await fleet.listEvents(reader, { limit: 1 });
  const head = newest?.position ?? 0;
  return { epoch, base: head, head, events: [] };
}

/** With the next page of events; the same if there is none. */
export async function readOn(fleet: EventReads, window: EventWindow): Promise<EventWindow> {
  const later = await fleet.listEvents(reader, { after: window.head, limit: PAGE_SIZE });
  // Afterwards: if the epoch is the same now, it was when the events were read.
  if ((await fleet.eventsEpoch(reader)) !== window.epoch) return openWindow(fleet);
  return later.length === 0 ? window : withLater(window, later, WINDOW_SIZE);
}
