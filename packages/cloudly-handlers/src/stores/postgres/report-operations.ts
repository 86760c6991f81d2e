import type { FleetStore } from '../../fleet/fleet-store.js';
import {
  type HistoryKept,
  type HistoryResolution,
  type HistorySlot,
  mergeSlots,
  openSlot,
} from '../../fleet/history.js';
import type { Database } from './database.js';
import { createReportBatch } from './report-batch.js';
import { type StatusRow, storedStatusOf, vitalsIfSet } from './rows.js';
import { statements } from './statement.js';
import { createReportWriter } from './write-reports.js';

type ReportOperations = Pick<FleetStore, 'saveReport' | 'findStatus' | 'listHistory'>;

export function createReportOperations(
  { query, laggingTransaction }: Database,
  schema: string,
  historyKept: HistoryKept,
): ReportOperations & { drain(this: void): Promise<void> } {
  const { status, history } = reportStatements(schema);
  const writeReports = createReportWriter(schema, historyKept);
  const batch = createReportBatch((reports) => laggingTransaction((queries) => writeReports(queries, reports)));

  return {
    drain: batch.drain,
    saveReport: (nodeId, report) => batch.save(nodeId, report),

    async findStatus(nodeId) {
      const [row] = await query<StatusRow>(status, [nodeId]);
      return row && storedStatusOf(row);
    },

    async listHistory(nodeId, resolution) {
      if (historyKept[resolution] === 0) return [];
      const slots = new Map<number, HistorySlot>();
      for (const row of await query<HistoryRow>(history, [nodeId, resolution])) {
        const slot = slotOf(row, resolution);
        const before = slots.get(slot.startMs);
        slots.set(slot.startMs, before ? mergeSlots(before, slot) : slot);
      }
      return [...slots.values()].toSorted((one, other) => one.startMs - other.startMs);
    },
  };
}

interface HistoryRow {
  /** Whether it is the last heartbeat, in the slot that is open. */
  is_open: boolean;
  /** The start of a closed slot. */
  at_ms: number;
  heartbeat_count: number;
  vitals: string | null;
}

function slotOf(row: HistoryRow, resolution: HistoryResolution): HistorySlot {
  const { is_open: isOpen, at_ms: atMs, heartbeat_count: count } = row;
  const vitals = vitalsIfSet(row.vitals);
  if (!isOpen) return { startMs: atMs, heartbeatCount: count, ...vitals };
  return openSlot({ receivedAtMs: atMs, counts: { detail: count, hours: count }, ...vitals }, resolution);
}

function reportStatements(schema: string) {
  return statements('report', {
    status: `
      SELECT boot_id AS status_boot_id, received_at_ms AS status_received_at_ms, hash AS status_hash, status
      FROM ${schema}.status WHERE node_id = $1`,

    // All of one instant: a slot that is closed meanwhile would be missing, or there twice.
    history: `
      SELECT false AS is_open, start_ms AS at_ms, heartbeat_count, vitals
      FROM ${schema}.history WHERE node_id = $1 AND resolution = $2::text
      UNION ALL
      SELECT true, received_at_ms, CASE $2::text WHEN 'detail' THEN detail_count ELSE hours_count END, vitals
      FROM ${schema}.presence WHERE node_id = $1 AND boot_id IS NOT NULL
      ORDER BY is_open`,
  });
}
