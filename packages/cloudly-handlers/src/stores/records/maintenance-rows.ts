import type { FleetWideEventBody } from '../../events/fleet-event.js';
import type { Maintenance } from '../../fleet-store/maintenance.js';
import { type Behalf, instantOf } from './behalf.js';

/** How long one that is over is kept. */
export const MAINTENANCES_KEPT_MS = 90 * 24 * 3_600_000;

export interface MaintenanceRow {
  record: string;
  ended_at_ms: number | null;
}

/** The columns of a {@link MaintenanceRow}. */
export const maintenanceRowColumns = 'record, ended_at_ms';

/** Values by column, in the order in which both dialects insert them. */
export function maintenanceColumns(maintenance: Maintenance) {
  return {
    id: maintenance.id,
    actor: maintenance.createdBy as string,
    from_ms: maintenance.fromMs,
    until_ms: maintenance.untilMs,
    ended_at_ms: maintenance.endedAtMs ?? null,
    record: JSON.stringify(maintenance),
  };
}

export function maintenanceOfRow({ record, ended_at_ms }: MaintenanceRow): Maintenance {
  return { ...(JSON.parse(record) as Maintenance), ...(ended_at_ms !== null && { endedAtMs: ended_at_ms }) };
}

/** What is told of a maintenance that somebody sets. */
export function changeOfMaintenance({ id, selector, fromMs, untilMs, note }: Maintenance): FleetWideEventBody {
  const details = { maintenanceId: id, selector, fromMs, untilMs, ...(note !== undefined && { note }) };
  return { kind: 'maintenance-started', details };
}

/** The maintenance as somebody ends it, and what is told of that: nothing if it is over already. */
export function endMaintenance(
  behalf: Behalf,
  maintenance: Maintenance,
): { maintenance: Maintenance; told: FleetWideEventBody[] } {
  const nowMs = instantOf(behalf);
  const { id: maintenanceId, selector } = maintenance;
  if (maintenance.endedAtMs !== undefined || maintenance.untilMs <= nowMs) return { maintenance, told: [] };
  return {
    maintenance: { ...maintenance, endedAtMs: nowMs },
    told: [{ kind: 'maintenance-ended', details: { maintenanceId, selector } }],
  };
}

/** With a scope, only those of the same actor are there. */
export function isVisibleMaintenance({ scope, actor }: Behalf, { createdBy }: Pick<Maintenance, 'createdBy'>): boolean {
  return scope === undefined || createdBy === actor;
}
