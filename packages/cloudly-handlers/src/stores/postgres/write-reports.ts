import type { HistoryKept } from '../../fleet/history.js';
import { foldBatch } from '../records/fold-batch.js';
import type { SentReport } from '../records/report-batch.js';
import { presenceColumns, presenceOf, type PresenceRow, slotColumns } from '../records/rows.js';
import type { FactsKeeping } from './facts-keeping.js';
import { createReportedFacts } from './reported-facts.js';
import { saveRows } from './save-rows.js';
import { statements } from './statement.js';
import type { TellingQueries } from './telling.js';

/**
 * Writes reports of many nodes in a transaction, one row for each node, and resolves with whether each was kept. The rows
 * are locked in the order of their IDs, so that two such transactions never wait for each other.
 */
export function createReportWriter(schema: string, historyKept: HistoryKept, facts: FactsKeeping) {
  const { lock, saveSlots, savePresences, saveStatuses } = writingStatements(schema);
  const keepFacts = createReportedFacts(facts);

  return async (queries: TellingQueries, reports: readonly SentReport[]): Promise<boolean[]> => {
    const nodeIds = [...new Set(reports.map(({ nodeId }) => nodeId))];
    const rows = await queries.query<PresenceRow & { node_id: string }>(lock, [nodeIds]);
    const presences = new Map(rows.map((row) => [row.node_id, presenceOf(row)]));
    const { kept, nodes } = foldBatch(reports, (nodeId) => presences.get(nodeId), historyKept);

    await saveRows(
      queries,
      saveSlots,
      nodes.flatMap(({ nodeId, finished }) =>
        finished.map(({ resolution, slot }) => ({ nodeId, resolution, ...slotColumns(slot) })),
      ),
    );
    await saveRows(
      queries,
      savePresences,
      nodes.flatMap(({ nodeId, heartbeat, status }) =>
        heartbeat || status ? [{ nodeId, ...presenceColumns({ heartbeat, status }) }] : [],
      ),
    );
    await saveRows(
      queries,
      saveStatuses,
      nodes.flatMap(({ nodeId, status }) => (status ? [{ nodeId, text: JSON.stringify(status.status) }] : [])),
    );
    await keepFacts(queries, nodes);
    return kept;
  };
}

function writingStatements(schema: string) {
  return statements('write', {
    lock: `
      SELECT node_id, accepted_boot_id, last_heartbeat
      FROM ${schema}.presence WHERE node_id = ANY ($1::text[]) ORDER BY node_id FOR NO KEY UPDATE`,
    // A slot is closed twice if the clock was set back.
    saveSlots: `
      INSERT INTO ${schema}.history (node_id, resolution, start_ms, heartbeat_count, record)
      SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
      ON CONFLICT (node_id, resolution, start_ms) DO UPDATE
      SET heartbeat_count = history.heartbeat_count + excluded.heartbeat_count, record = excluded.record`,
    savePresences: `
      UPDATE ${schema}.presence SET
        version = presence.version + 1,
        expected_by_ms = coalesce(new.expected_by_ms, presence.expected_by_ms),
        last_heartbeat = coalesce(new.last_heartbeat, presence.last_heartbeat),
        status_head = coalesce(new.status_head, presence.status_head)
      FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[])
        AS new (node_id, expected_by_ms, last_heartbeat, status_head)
      WHERE presence.node_id = new.node_id`,
    saveStatuses: `
      INSERT INTO ${schema}.status (node_id, status)
      SELECT * FROM unnest($1::text[], $2::text[])
      ON CONFLICT (node_id) DO UPDATE SET status = excluded.status`,
  });
}
