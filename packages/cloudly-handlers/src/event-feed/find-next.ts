import { passesFilter } from '../events/event-filter.js';
import type { FleetEvent } from '../events/fleet-event.js';
import type { Caller } from '../fleet-calls/caller.js';
import { shownEvents } from '../fleet-calls/shown-events.js';
import type { EventPlace } from './event-place.js';
import { eventsAfter, type EventWindow, headOf } from './event-window.js';
import type { FollowOptions, ResetReason } from './followed-events.js';
import { type EventReads, PAGE_SIZE } from './read-window.js';

/** Somebody who follows events, and what with. */
export interface Follower {
  fleet: EventReads;
  caller: Caller;
  now: () => number;
  options: FollowOptions;
}

export interface Step {
  events: readonly FleetEvent[];
  /** The one after these events. */
  place: EventPlace;
  reset?: ResetReason;
}

/** What comes after a place; `undefined` if nothing does yet. What the window does not show is read for the follower alone. */
export async function findNext(
  window: EventWindow,
  place: EventPlace,
  { fleet, caller, options }: Follower,
): Promise<Step | undefined> {
  if (place.epoch !== window.epoch) return { events: [], place: headOf(window), reset: 'epoch' };
  const { position } = place;
  if (position >= window.head) return undefined;
  const { nodeId, kinds, isAudit } = options;
  const shown = shownEvents(caller, options);
  const events = eventsAfter(window, position)?.filter((event) => passesFilter(event, shown));
  // Only the store knows which nodes are in a scope.
  if (events && (!caller.scope || events.length === 0)) return { events, place: headOf(window) };
  const query = { nodeId, kinds, isAudit, after: position, before: window.head + 1, limit: PAGE_SIZE };
  const page = await fleet.listEvents(caller, query);
  const last = page.length === PAGE_SIZE ? page.at(-1) : undefined;
  return { events: page, place: last ? { ...place, position: last.position } : headOf(window) };
}
