import { isGroupAlert } from '../../alert-keeping/kept-alert.js';
import type { AlertSnooze } from '../../fleet-store/alert.js';
import type { Maintenance } from '../../fleet-store/maintenance.js';
import { createAlertLists } from '../lists/alert-lists.js';
import { sqliteDialect } from '../lists/dialect.js';
import { alertRowColumns, type AlertRow, keptAlertOf } from '../records/alert-rows.js';
import { type Behalf, instantOf, writtenEvent } from '../records/behalf.js';
import {
  changeOfMaintenance,
  endMaintenance,
  isVisibleMaintenance,
  maintenanceColumns,
  maintenanceOfRow,
  type MaintenanceRow,
  maintenanceRowColumns,
} from '../records/maintenance-rows.js';
import { eventsOfSnooze } from '../records/snooze-changes.js';
import type { AlertOperations } from '../records/store-operations.js';
import type { Database } from './database.js';
import type { FleetDatabase } from './fleet-database.js';

export function createAlertOperations(database: FleetDatabase) {
  const { prepare, read, readAside, write, tell, isVisible } = database;
  const statement = alertStatements(prepare);
  const listsOf = createAlertLists(sqliteDialect, readAside);

  return (behalf: Behalf): AlertOperations => {
    const nowMs = instantOf(behalf);
    const { findAlert, ...lists } = listsOf(behalf);
    const find = (id: string): Maintenance | undefined => {
      const row = statement.maintenance.get(id);
      const maintenance = row && maintenanceOfRow(row);
      return maintenance && isVisibleMaintenance(behalf, maintenance) ? maintenance : undefined;
    };

    return {
      ...lists,

      async snoozeAlert(alertId, snooze) {
        const isDone = await write(() => {
          const row = statement.alert.get(alertId);
          if (!row) return false;
          const alert = keptAlertOf(row);
          const nodeIds = isGroupAlert(alert)
            ? statement.parts.all(alertId).map(({ node_id }) => node_id)
            : [alert.nodeId];
          if (behalf.scope && nodeIds.length === 0) return false;
          if (!nodeIds.every((nodeId) => isVisible(behalf, nodeId))) return false;
          const before =
            row.snooze !== null && row.snoozed_until_ms > nowMs ? (JSON.parse(row.snooze) as AlertSnooze) : undefined;
          statement.snooze.run(snooze?.untilMs ?? 0, snooze ? JSON.stringify(snooze) : null, alertId);
          tell(eventsOfSnooze(behalf, alert, { before, after: snooze, nodeCount: nodeIds.length }));
          return true;
        });
        return isDone ? findAlert(alertId) : undefined;
      },

      addMaintenance: (maintenance) =>
        write(() => {
          const known = statement.maintenance.get(maintenance.id);
          if (known) return maintenanceOfRow(known);
          statement.add.run(maintenanceColumns(maintenance));
          tell([writtenEvent(behalf, changeOfMaintenance(maintenance))]);
          return maintenance;
        }),

      findMaintenance: (id) => read(() => find(id)),

      endMaintenance: (id) =>
        write(() => {
          const before = find(id);
          if (!before) return undefined;
          const { maintenance, told } = endMaintenance(behalf, before);
          if (told.length === 0) return maintenance;
          statement.end.run(maintenance.endedAtMs ?? null, id);
          statement.release.run(nowMs, id);
          tell(told.map((body) => writtenEvent(behalf, body)));
          return maintenance;
        }),
    };
  };
}

function alertStatements(prepare: Database['prepare']) {
  return {
    alert: prepare<AlertRow & { snooze: string | null; snoozed_until_ms: number }>(`
    SELECT ${alertRowColumns}, snooze, snoozed_until_ms FROM alert WHERE id = ? AND opened_at_ms IS NOT NULL`),
    parts: prepare<{ node_id: string }>('SELECT node_id FROM alert WHERE group_id = ?'),
    snooze: prepare('UPDATE alert SET snoozed_until_ms = ?, snooze = ? WHERE id = ?'),
    maintenance: prepare<MaintenanceRow>(`SELECT ${maintenanceRowColumns} FROM maintenance WHERE id = ?`),
    add: prepare(`
    INSERT INTO maintenance (id, actor, from_ms, until_ms, ended_at_ms, record)
    VALUES (:id, :actor, :from_ms, :until_ms, :ended_at_ms, :record)`),
    end: prepare('UPDATE maintenance SET ended_at_ms = ? WHERE id = ?'),
    release: prepare('UPDATE alert SET due_at_ms = ? WHERE maintenance_id = ?'),
  };
}
