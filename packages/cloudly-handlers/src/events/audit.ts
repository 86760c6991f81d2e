import type { Actor } from './actor.js';
import type { FleetEventKind } from './fleet-event.js';

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

/** Whoever caused it: who may send, who may decide, and what is to become of a node. */
const isAuditKind: Record<FleetEventKind, boolean> = {
  'node-registered': true,
  'node-approved': true,
  'node-revoked': true,
  'node-unrevoked': true,
  'node-forgotten': true,
  'node-rebind-allowed': true,
  'node-rebound': true,
  'node-rotation-demanded': true,
  'node-tokens-voided': true,
  'node-updates-set': true,
  'clone-suspected': true,
  'clone-resolved': true,
  'node-named': true,
  'node-labelled': true,
  'node-noted': true,
  'node-late': false,
  'node-offline': false,
  'node-back': false,
  'crash-loop': false,
  'agent-changed': false,
  'os-changed': false,
  'release-changed': false,
  'supervisor-changed': false,
  'update-failed': false,
  'storage-low': false,
  'storage-recovered': false,
  'command-queued': true,
  'command-cancelled': true,
  'command-finished': false,
  'command-ended': false,
  'join-token-created': true,
  'join-token-revoked': true,
  'view-saved': true,
  'view-removed': true,
  'bulk-begun': true,
  'bulk-stopped': true,
  'bulk-ended': true,
  'fleet-recovered': true,
  'operator-invited': true,
  'operator-joined': true,
  'operator-changed': true,
  'operator-removed': true,
  'new-password-offered': true,
  'password-changed': true,
  'invitation-revoked': true,
  'operator-signed-in': true,
  'sessions-ended': true,
  'sign-in-failed': true,
  'api-token-created': true,
  'api-token-revoked': true,
};
