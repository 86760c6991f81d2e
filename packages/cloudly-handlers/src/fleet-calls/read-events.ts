import type { FleetEvent, FleetEventKind } from '../events/fleet-event.js';
import { nodeEventKinds } from '../events/node-event-kinds.js';
import type { EventQuery } from '../fleet-store/fleet-store.js';
import { type Call, requireLimit, requireNode, requireRole } from './call.js';
import type { EventListQuery, TimelineQuery } from './fleet.js';
import { hasRole } from './fleet-roles.js';

const EVENTS = 100;
const EVENTS_MAX = 1000;

export async function timeline(call: Call, nodeId: string, query: TimelineQuery = {}): Promise<FleetEvent[]> {
  await requireNode(call, nodeId);
  const { before, limit } = query;
  return list(call, { nodeId, before, limit });
}

export async function listEvents(call: Call, query: EventListQuery = {}): Promise<FleetEvent[]> {
  if (query.isAudit) requireRole(call, 'operate', 'read what people did');
  return list(call, query);
}

function list({ caller, store }: Call, query: EventListQuery): Promise<FleetEvent[]> {
  const { kinds, limit = EVENTS, isAudit, ...rest } = query;
  const readable = hasRole(caller, 'unscoped-admin') ? kinds : ofNodes(kinds);
  const shown: EventQuery = { ...rest, kinds: readable, limit: requireLimit(limit, EVENTS_MAX) };
  return store.listEvents({ ...shown, isAudit: hasRole(caller, 'operate') ? isAudit : false });
}

/** Only admins of the whole fleet see what is about no node. */
function ofNodes(kinds: readonly FleetEventKind[] = nodeEventKinds): FleetEventKind[] {
  return kinds.filter((kind) => nodeEventKinds.includes(kind));
}

export function eventsEpoch({ fleet }: Call): Promise<string> {
  return fleet.eventsEpoch();
}
