import type { Alert } from '../../../fleet-store/alert.js';
import type { FleetStore } from '../../../fleet-store/fleet-store.js';
import type { Maintenance } from '../../../fleet-store/maintenance.js';
import type { Scope } from '../../../selector/selector.js';
import { addNode, nodeRecord, NOW_MS } from '../fixtures.js';
import { ADA, addLabelled, asAda, by, heardAt, type ToldEvent, toldSince } from './fleet-fixtures.js';

export const MINUTE_MS = 60_000;
/** A node that was heard at `NOW_MS` alone is offline by then. */
export const OFFLINE_AT_MS = NOW_MS + 6 * MINUTE_MS;
/** And then has an alert. */
export const ALERT_AT_MS = OFFLINE_AT_MS + 3 * MINUTE_MS;

/** Does all that is due by then. */
export async function keepAll(store: FleetStore, nowMs: number): Promise<void> {
  while ((await store.sweep({ nowMs, upSinceMs: 0, limit: 100 })).isMore);
  for (let times = 1; (await store.keepAlerts({ nowMs, groupLabel: 'site', limit: 100 })).isMore; times += 1) {
    if (times === 1000) throw new Error('keepAlerts: expected an end, but there is always more');
  }
}

/** Adds nodes with this label that were heard at `NOW_MS`. */
export async function addHeard(store: FleetStore, site: string, ...nodeIds: string[]): Promise<void> {
  for (const nodeId of nodeIds) {
    await addLabelled(store, nodeId, site === '' ? {} : { site });
    await store.saveReport(nodeId, heardAt(1, NOW_MS));
  }
}

/** A node that waits for approval, since then. */
export async function addPending(store: FleetStore, nodeId: string, registeredAtMs: number = NOW_MS): Promise<void> {
  await addNode(store, nodeRecord(nodeId, { registeredAtMs }));
}

/** What operators see at this time. */
export async function alertsAt(store: FleetStore, nowMs: number, scope?: Scope): Promise<Alert[]> {
  return (await store.as(by(ADA, { nowMs, scope })).listAlerts({ limit: 100 })).alerts;
}

export async function alertIdsAt(store: FleetStore, nowMs: number, scope?: Scope): Promise<string[]> {
  return (await alertsAt(store, nowMs, scope)).map(({ id }) => id);
}

/** What was told of alerts since a position. */
export async function alertsToldSince(store: FleetStore, position: number): Promise<ToldEvent[]> {
  return (await toldSince(store, position)).filter(({ kind }) => /^(?:alert|maintenance)-/.test(kind));
}

export function maintenance(changes: Partial<Maintenance> = {}): Maintenance {
  return {
    id: 'm',
    selector: 'label.site=berlin',
    fromMs: NOW_MS,
    untilMs: NOW_MS + 60 * MINUTE_MS,
    createdBy: ADA,
    createdAtMs: NOW_MS,
    ...changes,
  };
}

export async function addMaintenance(store: FleetStore, changes: Partial<Maintenance> = {}): Promise<Maintenance> {
  return asAda(store).addMaintenance(maintenance(changes));
}
