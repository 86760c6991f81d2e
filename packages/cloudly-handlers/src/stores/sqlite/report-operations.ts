import type { NodeStore } from '../../fleet/node-store.js';
import type { HistoryKept } from '../../fleet/history.js';
import type { Behalf } from '../records/behalf.js';
import { type HistoryRow, listSlots } from '../records/list-slots.js';
import { createReportBatch } from '../records/report-batch.js';
import { type StatusRow, storedStatusOf } from '../records/rows.js';
import type { Database } from './database.js';
import type { FactsKeeping } from './facts-keeping.js';
import type { FleetDatabase } from './fleet-database.js';
import { createReportWriter } from './write-reports.js';

type StatusOperations = Pick<NodeStore, 'findStatus' | 'listHistory'>;

export interface ReportOperations {
  saveReport: NodeStore['saveReport'];
  /** Writes the reports that wait. */
  flush(this: void): Promise<void>;
}

export function createReportOperations(
  database: FleetDatabase,
  facts: FactsKeeping,
  historyKept: HistoryKept,
): ReportOperations {
  const writeReports = createReportWriter(database, facts, historyKept);
  const batch = createReportBatch((reports) => database.write(() => writeReports(reports)));
  return { flush: batch.flush, saveReport: batch.save };
}

export function createStatusOperations({ prepare, readOf }: FleetDatabase, historyKept: HistoryKept) {
  const { status, history } = reportStatements(prepare);

  return (behalf: Behalf): StatusOperations => ({
    findStatus: (nodeId) =>
      readOf(
        behalf,
        nodeId,
        () => {
          const row = status.get(nodeId);
          return row && storedStatusOf(row);
        },
        undefined,
      ),

    listHistory: async (nodeId, resolution) => {
      if (historyKept[resolution] === 0) return [];
      const readSlots = () => listSlots(history.all({ node_id: nodeId, resolution }), resolution);
      return readOf(behalf, nodeId, readSlots, []);
    },
  });
}

function reportStatements(prepare: Database['prepare']) {
  return {
    status: prepare<StatusRow>(
      'SELECT status_head, status FROM status JOIN presence USING (node_id) WHERE node_id = ?',
    ),
    // One statement, so that all is of one instant: a slot that is closed meanwhile would be missing, or there twice.
    history: prepare<HistoryRow>(`
    SELECT start_ms, heartbeat_count, record, NULL AS last_heartbeat
    FROM history WHERE node_id = :node_id AND resolution = :resolution
    UNION ALL
    SELECT NULL, NULL, NULL, last_heartbeat
    FROM presence WHERE node_id = :node_id AND last_heartbeat IS NOT NULL
    ORDER BY last_heartbeat NULLS FIRST`),
  };
}
