import type { NodeStore } from '../../fleet/node-store.js';
import type { HistoryKept } from '../../fleet/history.js';
import { type HistoryRow, listSlots } from '../records/list-slots.js';
import { createReportBatch } from '../records/report-batch.js';
import { type StatusRow, storedStatusOf } from '../records/rows.js';
import type { Database } from './database.js';
import { createReportWriter } from './write-reports.js';

type ReportOperations = Pick<NodeStore, 'saveReport' | 'findStatus' | 'listHistory'>;

export function createReportOperations(
  database: Database,
  historyKept: HistoryKept,
): ReportOperations & { flush(this: void): Promise<void> } {
  const { prepare, read, write } = database;
  const { status, history } = reportStatements(prepare);
  const writeReports = createReportWriter(database, historyKept);
  const batch = createReportBatch((reports) => write(() => writeReports(reports)));

  return {
    flush: batch.flush,
    saveReport: batch.save,

    findStatus: (nodeId) =>
      read(() => {
        const row = status.get(nodeId);
        return row && storedStatusOf(row);
      }),

    listHistory: async (nodeId, resolution) =>
      historyKept[resolution] === 0
        ? []
        : read(() => listSlots(history.all({ node_id: nodeId, resolution }), resolution)),
  };
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
