import type { Actor } from './actor.js';
import type { FleetEventKind } from './fleet-event.js';
import { isAuditKind } from './fleet-event-kinds.js';

const DAY_MS = 24 * 3_600_000;

/** How long events of everyday are kept. */
export const EVERYDAY_EVENTS_KEPT_MS = 90 * DAY_MS;

/** How long events are kept that tell what people did, or that concern security. */
export const AUDIT_EVENTS_KEPT_MS = 730 * DAY_MS;

/** Whether an event is by a person, or concerns security, rather than one of everyday. */
export function isAuditEvent({ actor, kind }: { actor: Actor; kind: FleetEventKind }): boolean {
  return isPerson(actor) || isAuditKind[kind];
}

/** Also somebody unknown. */
function isPerson(actor: Actor): boolean {
  return actor !== 'system' && !actor.startsWith('node:');
}
