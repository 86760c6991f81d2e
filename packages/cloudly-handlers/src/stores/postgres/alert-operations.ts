import type { AlertSnooze } from '../../fleet-store/alert.js';
import type { Maintenance } from '../../fleet-store/maintenance.js';
import { createAlertLists } from '../lists/alert-lists.js';
import { postgresDialect } from '../lists/dialect.js';
import { type AlertRow, keptAlertOf } from '../records/alert-rows.js';
import { type Behalf, instantOf, writtenEvent } from '../records/behalf.js';
import {
  changeOfMaintenance,
  endMaintenance,
  isVisibleMaintenance,
  maintenanceColumns,
  maintenanceOfRow,
  type MaintenanceRow,
} from '../records/maintenance-rows.js';
import { eventsOfSnooze } from '../records/snooze-changes.js';
import type { AlertOperations } from '../records/store-operations.js';
import { alertStatements } from './alert-statements.js';
import { scopeValue } from './in-scope.js';
import type { Telling } from './telling.js';

interface LockedRow extends AlertRow {
  snooze: string | null;
  snoozed_until_ms: number;
}

export function createAlertOperations({ query, transaction }: Telling, schema: string) {
  const statement = alertStatements(schema);
  const listsOf = createAlertLists(postgresDialect(schema), (text, values) => query({ text }, values));

  return (behalf: Behalf): AlertOperations => {
    const nowMs = instantOf(behalf);
    const { findAlert, ...lists } = listsOf(behalf);
    const visible = (row: MaintenanceRow | undefined): Maintenance | undefined => {
      const maintenance = row && maintenanceOfRow(row);
      return maintenance && isVisibleMaintenance(behalf, maintenance) ? maintenance : undefined;
    };

    return {
      ...lists,

      async snoozeAlert(alertId, snooze) {
        const isDone = await transaction(async (queries) => {
          const [row] = await queries.query<LockedRow>(statement.lock, [alertId]);
          if (!row) return false;
          const scope = scopeValue(behalf.scope);
          const nodes = await queries.query<{ is_visible: boolean }>(statement.nodes, [alertId, scope]);
          if (nodes.some(({ is_visible }) => !is_visible) || (behalf.scope && nodes.length === 0)) return false;
          const before =
            row.snooze !== null && row.snoozed_until_ms > nowMs ? (JSON.parse(row.snooze) as AlertSnooze) : undefined;
          const text = snooze ? JSON.stringify(snooze) : null;
          await queries.query(statement.snooze, [alertId, snooze?.untilMs ?? 0, text]);
          queries.tell(eventsOfSnooze(behalf, keptAlertOf(row), { before, after: snooze, nodeCount: nodes.length }));
          return true;
        });
        return isDone ? findAlert(alertId) : undefined;
      },

      addMaintenance: (maintenance) =>
        transaction(async (queries) => {
          const added = await queries.query(statement.add, Object.values(maintenanceColumns(maintenance)));
          if (added.length === 0) {
            const [known] = await queries.query<MaintenanceRow>(statement.find, [maintenance.id]);
            return known ? maintenanceOfRow(known) : maintenance;
          }
          queries.tell([writtenEvent(behalf, changeOfMaintenance(maintenance))]);
          return maintenance;
        }),

      findMaintenance: async (id) => visible((await query<MaintenanceRow>(statement.find, [id]))[0]),

      endMaintenance: (id) =>
        transaction(async (queries) => {
          await queries.query(statement.waitForKeeper);
          const before = visible((await queries.query<MaintenanceRow>(statement.lockMaintenance, [id]))[0]);
          if (!before) return undefined;
          const { maintenance, told } = endMaintenance(behalf, before);
          if (told.length === 0) return maintenance;
          await queries.query(statement.end, [id, maintenance.endedAtMs]);
          await queries.query(statement.release, [id, nowMs]);
          queries.tell(told.map((body) => writtenEvent(behalf, body)));
          return maintenance;
        }),
    };
  };
}
