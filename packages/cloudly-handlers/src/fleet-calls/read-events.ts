import type { FleetEvent } from '../events/fleet-event.js';
import { type Call, requireLimit, requireNode } from './call.js';
import type { EventListQuery, TimelineQuery } from './fleet.js';
import { shownEvents } from './shown-events.js';

const EVENTS = 100;
const EVENTS_MAX = 1000;

export async function timeline(call: Call, nodeId: string, query: TimelineQuery = {}): Promise<FleetEvent[]> {
  await requireNode(call, nodeId);
  const { before, limit } = query;
  return list(call, { nodeId, before, limit });
}

export async function listEvents(call: Call, query: EventListQuery = {}): Promise<FleetEvent[]> {
  return list(call, query);
}

function list({ caller, store }: Call, query: EventListQuery): Promise<FleetEvent[]> {
  const { after, before, limit = EVENTS } = query;
  return store.listEvents({ ...shownEvents(caller, query), after, before, limit: requireLimit(limit, EVENTS_MAX) });
}

export function eventsEpoch({ fleet }: Call): Promise<string> {
  return fleet.eventsEpoch();
}
