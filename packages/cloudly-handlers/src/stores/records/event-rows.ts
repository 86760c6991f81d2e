import { isAuditEvent } from '../../events/audit.js';
import type { FleetEvent, FleetEventBody, WrittenEvent } from '../../events/fleet-event.js';
import type { Actor } from '../../events/actor.js';

/** Values by column, in the order in which both dialects insert them; a truth value is 0 or 1, which both take. */
export function eventColumns({ atMs, actor, nodeId, kind, details }: WrittenEvent, registeredAtMs?: number) {
  return {
    at_ms: atMs,
    actor: actor as string,
    node_id: nodeId ?? null,
    registered_at_ms: registeredAtMs ?? null,
    kind: kind as string,
    is_audit: isAuditEvent({ actor, kind }) ? 1 : 0,
    details: JSON.stringify(details),
  };
}

export interface EventRow {
  position: number;
  at_ms: number;
  actor: string;
  node_id: string | null;
  kind: string;
  details: string;
}

/** The columns of an {@link EventRow}. */
export const eventRowColumns = 'position, at_ms, actor, node_id, kind, details';

/** An event of a kind that this version does not know comes out as it was written. */
export function eventOf({ position, at_ms, actor, node_id, kind, details }: EventRow): FleetEvent {
  const body = { ...(node_id !== null && { nodeId: node_id }), kind, details: JSON.parse(details) as unknown };
  return { position, atMs: at_ms, actor: actor as Actor, ...(body as FleetEventBody) };
}
