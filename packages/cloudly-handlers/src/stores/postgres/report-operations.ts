import type { NodeStore } from '../../fleet/node-store.js';
import type { HistoryKept } from '../../fleet/history.js';
import { type HistoryRow, listSlots } from '../records/list-slots.js';
import { createReportBatch } from '../records/report-batch.js';
import { type StatusRow, storedStatusOf } from '../records/rows.js';
import type { Behalf } from '../records/behalf.js';
import type { FactsKeeping } from './facts-keeping.js';
import { inScope, scopeValue } from './in-scope.js';
import { statements } from './statement.js';
import type { SeenPresences } from './seen-presences.js';
import type { Telling } from './telling.js';
import { createReportWriter } from './write-reports.js';
import { createSeenReportWriter } from './write-seen-reports.js';

/** Writes the reports of nodes. */
export function createReportSaving(
  { query, laggingTransaction }: Telling,
  schema: string,
  { historyKept, seen, facts }: { historyKept: HistoryKept; seen: SeenPresences; facts: FactsKeeping },
) {
  const writeReports = createReportWriter(schema, historyKept, facts);
  const writeSeenReports = createSeenReportWriter(schema, historyKept, seen);
  return createReportBatch(async (reports) => {
    const saved = await writeSeenReports({ query }, reports);
    const others = reports.filter(({ nodeId }) => !saved.has(nodeId));
    if (others.length === 0) return reports.map(() => true);
    const kept = await laggingTransaction((queries) => writeReports(queries, others));
    const keptOthers = new Set(others.filter((_, index) => kept[index]));
    return reports.map((report) => saved.has(report.nodeId) || keptOthers.has(report));
  });
}

type ReportReading = Pick<NodeStore, 'findStatus' | 'listHistory'>;

export function createReportReading({ query }: Telling, schema: string, historyKept: HistoryKept) {
  const { status, history } = reportStatements(schema);

  return (behalf: Behalf): ReportReading => {
    const scope = scopeValue(behalf.scope);
    return {
      async findStatus(nodeId) {
        const [row] = await query<StatusRow>(status, [nodeId, scope]);
        return row && storedStatusOf(row);
      },

      async listHistory(nodeId, resolution) {
        if (historyKept[resolution] === 0) return [];
        return listSlots(await query<HistoryRow>(history, [nodeId, resolution, scope]), resolution);
      },
    };
  };
}

function reportStatements(schema: string) {
  return statements('report', {
    status: `
      SELECT status_head, status FROM ${schema}.status JOIN ${schema}.presence USING (node_id)
      WHERE status.node_id = $1 AND ${inScope(schema, 'status.node_id', '$2')}`,

    // One statement, so that all is of one instant: a slot that is closed meanwhile would be missing, or there twice.
    history: `
      SELECT start_ms, heartbeat_count, record, NULL AS last_heartbeat
      FROM ${schema}.history WHERE node_id = $1 AND resolution = $2 AND start_ms >= (
        SELECT CASE $2 WHEN 'detail' THEN detail_from_ms ELSE hours_from_ms END FROM ${schema}.cloudly
      ) AND ${inScope(schema, 'history.node_id', '$3')}
      UNION ALL
      SELECT NULL, NULL, NULL, last_heartbeat
      FROM ${schema}.presence
      WHERE node_id = $1 AND last_heartbeat IS NOT NULL AND ${inScope(schema, 'presence.node_id', '$3')}
      ORDER BY last_heartbeat NULLS FIRST`,
  });
}
