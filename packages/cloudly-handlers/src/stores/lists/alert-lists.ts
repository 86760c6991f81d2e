import type { NodeAlertKind } from '../../alerts/alert-kinds.js';
import { isGroupAlert } from '../../alert-keeping/kept-alert.js';
import type { Alert, AlertCount, AlertSnooze, StoreAlertFilter } from '../../fleet-store/alert.js';
import type { FleetNode } from '../../fleet-store/fleet-node.js';
import type { Maintenance } from '../../fleet-store/maintenance.js';
import { alertOf } from '../records/alert-list.js';
import { type AlertRow, keptAlertOf } from '../records/alert-rows.js';
import { type Behalf, instantOf } from '../records/behalf.js';
import { maintenanceOfRow, type MaintenanceRow } from '../records/maintenance-rows.js';
import type { AlertOperations } from '../records/store-operations.js';
import { type AlertSelection, alertCounts, alertPage, maintenancesInForce, openMaintenances } from './alert-list.js';
import type { Viewer } from './condition.js';
import type { Dialect } from './dialect.js';
import type { ReadRows } from './fleet-lists.js';
import { fleetNodeOf, type FleetRow } from './fleet-rows.js';
import { nodesWithIds } from './node-lists.js';
import { type Sql, statementOf } from './sql.js';

export interface AlertLists extends Pick<AlertOperations, 'listAlerts' | 'countAlerts' | 'listMaintenance'> {
  /** One that is open, also if it is part of a group's. */
  findAlert(this: void, alertId: string): Promise<Alert | undefined>;
}

interface ListedRow extends AlertRow {
  id: string;
  urgency_rank: number;
  since_ms: number;
  snooze: string | null;
  node_id: string | null;
  node_count: number;
}

/** What operators list of alerts, of either database. */
export function createAlertLists(dialect: Dialect, readRows: ReadRows): (behalf: Behalf) => AlertLists {
  const read = <Row>(statement: Sql): Promise<Row[]> => {
    const { text, values } = statementOf(statement, dialect.placeholder);
    return readRows<Row>(text, values);
  };
  const maintenances = async (statement: Sql): Promise<Maintenance[]> =>
    (await read<MaintenanceRow>(statement)).map(maintenanceOfRow);

  return (behalf) => {
    const nowMs = instantOf(behalf);
    const viewer: Viewer = { nowMs, scope: behalf.scope };

    const shown = async (rows: readonly ListedRow[]): Promise<Alert[]> => {
      const nodeIds = [...new Set(rows.flatMap(({ node_id }) => node_id ?? []))];
      const nodes = new Map<string, FleetNode>();
      if (nodeIds.length > 0) {
        const found = await read<FleetRow>(nodesWithIds(dialect, nodeIds, behalf.scope));
        for (const row of found) nodes.set(row.node_id, fleetNodeOf(row));
      }
      const inForce = nodeIds.length > 0 ? await maintenances(maintenancesInForce(dialect, nowMs)) : [];
      return rows.flatMap((row) => {
        const alert = keptAlertOf(row);
        const node = nodes.get(row.node_id ?? '');
        // The node was forgotten in between.
        if (!isGroupAlert(alert) && !node) return [];
        const snooze = row.snooze === null ? undefined : (JSON.parse(row.snooze) as AlertSnooze);
        return [alertOf({ alert, snooze, node, nodeCount: row.node_count }, { maintenances: inForce, nowMs })];
      });
    };

    const list = (selection: AlertSelection) => read<ListedRow>(alertPage(dialect, selection, viewer));

    return {
      async listAlerts({ after, limit, ...filter }) {
        const rows = await list({ filter, after, limit: limit + 1 });
        const page = rows.slice(0, limit);
        const last = rows.length > limit ? page.at(-1) : undefined;
        return {
          alerts: await shown(page),
          ...(last && { next: { rank: last.urgency_rank, sinceMs: last.since_ms, id: last.id } }),
        };
      },

      async countAlerts(filter: StoreAlertFilter): Promise<AlertCount[]> {
        const rows = await read<CountRow>(alertCounts(dialect, filter, viewer));
        return rows.map(({ kind, alert_count: count, snoozed_count: snoozedCount }) => ({
          kind: kind as NodeAlertKind,
          count,
          snoozedCount,
        }));
      },

      async findAlert(alertId) {
        const [alert] = await shown(await list({ filter: {}, alertId, limit: 1 }));
        return alert;
      },

      listMaintenance: ({ isOpen, limit }) => {
        const actor = behalf.scope ? (behalf.actor ?? '') : undefined;
        return maintenances(openMaintenances(dialect, { actor, openAtMs: isOpen ? nowMs : undefined, limit }));
      },
    };
  };
}

interface CountRow {
  kind: string;
  alert_count: number;
  snoozed_count: number;
}
