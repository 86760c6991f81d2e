import { EVERYDAY_EVENTS_KEPT_MS, isAuditEvent } from '../events/audit.js';
import { FleetError } from '../fleet-calls/fleet-error.js';
import { shownEvents } from '../fleet-calls/shown-events.js';
import { parsePlace } from './event-place.js';
import { type EventWindow, headOf } from './event-window.js';
import type { Follower, Step } from './find-next.js';
import { reader } from './read-window.js';

/** Where somebody goes on. Rejects with a `FleetError` if they may not. */
export async function findStart(window: EventWindow, follower: Follower): Promise<Step> {
  const { fleet, caller, options } = follower;
  // Throws for what they may not read.
  shownEvents(caller, options);
  if (options.after === undefined) return { events: [], place: headOf(window) };
  const place = parsePlace(options.after);
  if (!place) throw new FleetError('value-invalid', 'The place to go on after cannot be read', { remedy: REMEDY });
  // Another process may have read further than this one.
  const isSameEpoch = place.epoch === window.epoch || place.epoch === (await fleet.eventsEpoch(reader));
  if (!isSameEpoch) return { events: [], place: headOf(window), reset: 'epoch' };
  if (await isGone(place.position, window, follower)) return { events: [], place: headOf(window), reset: 'gone' };
  return { events: [], place };
}

const REMEDY = 'Give back what was told with the last event, or leave it out to follow what happens from now on.';

/** Whether events after this position may have been dropped. Those of everyday go before those of the audit. */
async function isGone(position: number, window: EventWindow, { fleet, now }: Follower): Promise<boolean> {
  if (position === 0) return false;
  const query = { after: position - 1, before: position + 1, limit: 1 };
  const event =
    window.events.find((each) => each.position === position) ?? (await fleet.listEvents(reader, query)).at(0);
  return !event || (isAuditEvent(event) && event.atMs < now() - EVERYDAY_EVENTS_KEPT_MS);
}
