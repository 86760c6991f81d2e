import type { HistoryKept } from '../../fleet/history.js';
import { ofNodes } from '../records/behalf.js';
import { deriveReported } from '../records/derive-node.js';
import type { FactsChange } from '../records/facts-change.js';
import { foldBatch } from '../records/fold-batch.js';
import type { SentReport } from '../records/report-batch.js';
import { presenceColumns, presenceOf, type PresenceRow, slotColumns } from '../records/rows.js';
import type { Database } from './database.js';
import type { FactsKeeping } from './facts-keeping.js';

/**
 * Writes reports of many nodes in a transaction, one row for each node, and returns whether each was kept. What changes the
 * facts of a node costs more, and is rare.
 */
export function createReportWriter({ prepare }: Database, facts: FactsKeeping, historyKept: HistoryKept) {
  const { presence, saveSlot, savePresence, saveStatus } = writingStatements(prepare);

  const findPresence = (nodeId: string) => {
    const row = presence.get(nodeId);
    return row && presenceOf(row);
  };

  const keepFacts = (nodeId: string, change: FactsChange, { receivedAtMs: atMs }: { receivedAtMs: number }): void => {
    const sources = facts.sourcesOf(nodeId);
    if (sources) facts.keep(ofNodes, nodeId, deriveReported(sources, change), { atMs, askingNodeId: nodeId });
  };

  return (reports: readonly SentReport[]): boolean[] => {
    const { kept, nodes } = foldBatch(reports, findPresence, historyKept);
    for (const { nodeId, finished, heartbeat, status, factsChange } of nodes) {
      for (const { resolution, slot } of finished) {
        saveSlot.run(nodeId, resolution, ...Object.values(slotColumns(slot)));
      }
      if (heartbeat || status) savePresence.run(...Object.values(presenceColumns({ heartbeat, status })), nodeId);
      if (status) saveStatus.run(nodeId, JSON.stringify(status.status));
      const newest = heartbeat ?? status;
      if (factsChange && newest) keepFacts(nodeId, factsChange, newest);
    }
    return kept;
  };
}

function writingStatements(prepare: Database['prepare']) {
  return {
    presence: prepare<PresenceRow>('SELECT accepted_boot_id, last_heartbeat FROM presence WHERE node_id = ?'),
    // A slot is closed twice if the clock was set back.
    saveSlot: prepare(`
    INSERT INTO history (node_id, resolution, start_ms, heartbeat_count, record)
    VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET heartbeat_count = heartbeat_count + excluded.heartbeat_count, record = excluded.record`),
    savePresence: prepare(`
    UPDATE presence SET
      expected_by_ms = coalesce(?, expected_by_ms), last_heartbeat = coalesce(?, last_heartbeat),
      status_head = coalesce(?, status_head)
    WHERE node_id = ?`),
    saveStatus: prepare(`
    INSERT INTO status (node_id, status) VALUES (?, ?) ON CONFLICT DO UPDATE SET status = excluded.status`),
  };
}
