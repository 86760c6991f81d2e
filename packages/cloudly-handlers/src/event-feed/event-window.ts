import type { FleetEvent } from '../events/fleet-event.js';
import type { EventPlace } from './event-place.js';

/** The newest events that were read: all of those after `base`, up to `head`. */
export interface EventWindow {
  epoch: string;
  base: number;
  head: number;
  events: readonly FleetEvent[];
}

/** With the events that came after it, and no more than `max` of them all. */
export function withLater(window: EventWindow, later: readonly FleetEvent[], max: number): EventWindow {
  const events = [...window.events, ...later];
  const kept = events.slice(-max);
  const lastDropped = events.at(-max - 1);
  return {
    ...window,
    base: lastDropped?.position ?? window.base,
    head: later.at(-1)?.position ?? window.head,
    events: kept,
  };
}

/** The events after a position; `undefined` if the window begins later. */
export function eventsAfter({ base, events }: EventWindow, position: number): readonly FleetEvent[] | undefined {
  return position < base ? undefined : events.filter((event) => event.position > position);
}

export function headOf({ epoch, head }: EventWindow): EventPlace {
  return { epoch, position: head };
}
