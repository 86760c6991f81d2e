import type { DatabaseSync } from 'node:sqlite';
import type { FleetStore } from '../../fleet/fleet-store.js';
import {
  type CountedHeartbeat,
  type HistoryKept,
  type HistoryResolution,
  type HistorySlot,
  mergeSlots,
  openSlot,
  turnSlots,
} from '../../fleet/history.js';
import type { NodeReport } from '../../fleet/node-report.js';
import type { Connection } from './connection.js';
import { createReportBatch } from './report-batch.js';
import { type Row, storedStatusOf, vitalsIfSet } from './rows.js';

type ReportOperations = Pick<FleetStore, 'saveReport' | 'findStatus' | 'listHistory'>;

export function createSqlReports(
  { database, read, write }: Connection,
  historyKept: HistoryKept,
): ReportOperations & { flush(this: void): void } {
  const statements = prepareStatements(database);

  const writeReport = (nodeId: string, report: NodeReport): boolean => {
    const { bootId, sequence, receivedAtMs, status, statusHash } = report;
    if (!statements.acceptsReport.get(nodeId, bootId, bootId, sequence)) return false;
    if (sequence > 0) writeHeartbeat(nodeId, report);
    if (status) statements.saveStatus.run(nodeId, bootId, receivedAtMs, statusHash ?? null, JSON.stringify(status));
    return true;
  };

  const writeHeartbeat = (nodeId: string, report: NodeReport): void => {
    const { bootId, sequence, receivedAtMs, expectedByMs, vitals, runningCommand } = report;
    const { counts, finished } = turnSlots(readLast(nodeId), receivedAtMs, historyKept);
    for (const { resolution, slot } of finished) {
      const { startMs, heartbeatCount } = slot;
      statements.saveSlot.run(nodeId, resolution, startMs, heartbeatCount, JSON.stringify(slot.vitals ?? null));
    }
    statements.saveHeartbeat.run(
      nodeId,
      bootId,
      sequence,
      receivedAtMs,
      expectedByMs ?? receivedAtMs,
      JSON.stringify(vitals ?? null),
      runningCommand ? JSON.stringify(runningCommand) : null,
      counts.detail,
      counts.hours,
    );
  };

  const readLast = (nodeId: string): CountedHeartbeat | undefined => {
    const row = statements.last.get(nodeId);
    return row && countedHeartbeatOf(row);
  };

  const readSlots = (nodeId: string, resolution: HistoryResolution): HistorySlot[] => {
    const slots = new Map(
      statements.slots
        .all(nodeId, resolution)
        .map(slotOf)
        .map((slot) => [slot.startMs, slot]),
    );
    const last = readLast(nodeId);
    if (!last) return [];
    const open = openSlot(last, resolution);
    const closedPart = slots.get(open.startMs);
    slots.set(open.startMs, closedPart ? mergeSlots(closedPart, open) : open);
    return [...slots.values()].toSorted((one, other) => one.startMs - other.startMs);
  };

  const batch = createReportBatch(write, writeReport);

  return {
    flush: batch.flush,
    saveReport: (nodeId, report) => batch.save(nodeId, report),

    findStatus: (nodeId) =>
      read(() => {
        const row = statements.status.get(nodeId);
        return row && storedStatusOf(row);
      }),

    listHistory: async (nodeId, resolution) =>
      historyKept[resolution] > 0 ? read(() => readSlots(nodeId, resolution)) : [],
  };
}

function countedHeartbeatOf(row: Row): CountedHeartbeat {
  return {
    receivedAtMs: Number(row['received_at_ms']),
    ...vitalsIfSet(row['vitals']),
    counts: { detail: Number(row['detail_count']), hours: Number(row['hours_count']) },
  };
}

function slotOf(row: Row): HistorySlot {
  return {
    startMs: Number(row['start_ms']),
    heartbeatCount: Number(row['heartbeat_count']),
    ...vitalsIfSet(row['vitals']),
  };
}

function prepareStatements(database: DatabaseSync) {
  return {
    acceptsReport: database.prepare(`
    SELECT 1 FROM node LEFT JOIN heartbeat USING (node_id)
    WHERE node.node_id = ? AND node.revoked_at_ms IS NULL AND node.boot_id = ?
      AND (heartbeat.boot_id IS NOT ? OR heartbeat.sequence < ?)`),
    last: database.prepare('SELECT received_at_ms, vitals, detail_count, hours_count FROM heartbeat WHERE node_id = ?'),
    saveHeartbeat: database.prepare(`
    INSERT INTO heartbeat (
      node_id, boot_id, sequence, received_at_ms, expected_by_ms, vitals, running_command, detail_count, hours_count
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
      boot_id = excluded.boot_id,
      sequence = excluded.sequence,
      received_at_ms = excluded.received_at_ms,
      expected_by_ms = excluded.expected_by_ms,
      vitals = excluded.vitals,
      running_command = excluded.running_command,
      detail_count = excluded.detail_count,
      hours_count = excluded.hours_count`),

    // A slot may be closed twice when the clock was set back.
    saveSlot: database.prepare(`
    INSERT INTO history (node_id, resolution, start_ms, heartbeat_count, vitals) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET heartbeat_count = heartbeat_count + excluded.heartbeat_count, vitals = excluded.vitals`),
    slots: database.prepare(
      'SELECT start_ms, heartbeat_count, vitals FROM history WHERE node_id = ? AND resolution = ?',
    ),

    status: database.prepare(`
    SELECT boot_id AS status_boot_id, received_at_ms AS status_received_at_ms, hash AS status_hash, status
    FROM status WHERE node_id = ?`),
    saveStatus: database.prepare(`
    INSERT INTO status (node_id, boot_id, received_at_ms, hash, status) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
      boot_id = excluded.boot_id,
      received_at_ms = excluded.received_at_ms,
      hash = excluded.hash,
      status = excluded.status`),
  };
}
