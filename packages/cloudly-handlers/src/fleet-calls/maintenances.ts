import { canonicalJson } from '../fleet/canonical-json.js';
import type { Maintenance } from '../fleet-store/maintenance.js';
import type { MaintenanceListQuery, NewMaintenance } from './alert-calls.js';
import { readNote, requireTime } from './alerts.js';
import { type Call, requireLimit, requireRole, requireValue } from './call.js';
import { FleetError } from './fleet-error.js';
import { readSelector } from './read-selector.js';
import { requireUuid } from './require-uuid.js';

const MAINTENANCES = 100;
const MAINTENANCES_MAX = 1000;

/** What changes by the very thing that a maintenance is for. */
const refusedFields: ReadonlySet<string> = new Set(['state', 'seen', 'alert']);

export async function startMaintenance(call: Call, asked: NewMaintenance): Promise<Maintenance> {
  const { caller, nowMs, store } = call;
  const { id = globalThis.crypto.randomUUID(), selector, fromMs, untilMs } = asked;
  requireUuid(id);
  requireSteady(selector);
  requireValue(
    fromMs === undefined || Number.isSafeInteger(fromMs) ? undefined : 'The maintenance has no beginning',
    'Choose another time.',
  );
  requireTime('The maintenance', untilMs, Math.max(nowMs, fromMs ?? nowMs));
  const note = readNote(asked.note);
  const wanted: Maintenance = {
    id,
    selector,
    fromMs: fromMs ?? nowMs,
    untilMs,
    ...(note !== undefined && { note }),
    createdBy: caller.actor,
    createdAtMs: nowMs,
    ...(caller.scope && { scope: caller.scope }),
  };
  const kept = await store.addMaintenance(wanted);
  const contentOf = (each: Maintenance) =>
    canonicalJson({ ...each, createdAtMs: 0, endedAtMs: 0, ...(fromMs === undefined && { fromMs: 0 }) });
  if (contentOf(kept) === contentOf(wanted)) return kept;
  throw new FleetError('id-taken', `There is another maintenance with the ID ${id}`, { remedy: 'Choose another ID.' });
}

/** A node that goes offline must not leave a maintenance for it. */
function requireSteady(text: string): void {
  const field = readSelector(text).terms.find((term) => refusedFields.has(term.field))?.field;
  requireValue(
    field && `A maintenance cannot be of nodes by ${field}, which changes meanwhile`,
    'Select them by labels, names or what they are.',
  );
}

export async function listMaintenance(
  { store }: Call,
  { isOpen, limit = MAINTENANCES }: MaintenanceListQuery = {},
): Promise<Maintenance[]> {
  return store.listMaintenance({ isOpen, limit: requireLimit(limit, MAINTENANCES_MAX) });
}

export async function endMaintenance(call: Call, maintenanceId: string): Promise<Maintenance> {
  const { caller, store } = call;
  const before = (await store.findMaintenance(maintenanceId)) ?? throwUnknown(maintenanceId);
  if (before.createdBy !== caller.actor) requireRole(call, 'admin', 'end a maintenance that somebody else started');
  return (await store.endMaintenance(maintenanceId)) ?? throwUnknown(maintenanceId);
}

function throwUnknown(maintenanceId: string): never {
  throw new FleetError('maintenance-unknown', `There is no maintenance ${maintenanceId}`, {
    remedy: 'List them. They are kept for 90 days after their end.',
  });
}
