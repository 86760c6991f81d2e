import type { HistoryKept } from '../../fleet/history.js';
import { foldReports } from '../records/fold-reports.js';
import type { SentReport } from '../records/report-batch.js';
import { slotColumns } from '../records/rows.js';
import type { Queries } from './database.js';
import { isDeadlock } from './driver/postgres-error.js';
import type { SeenPresence, SeenPresences } from './seen-presences.js';
import { type Statement, statements } from './statement.js';

/** A report that can be written without another look at its node, and what it changes. */
interface Folded {
  nodeId: string;
  bootId: string;
  version: number;
  expectedByMs: number;
  lastHeartbeat: string;
  slots: readonly (readonly unknown[])[];
}

/**
 * Writes what heartbeats mostly are: the next report of a node whose presence was just seen, without a status or anything else
 * that changes its facts. One guarded statement does it for many nodes, without a lock that is held between two. Resolves with the nodes whose report is kept; a
 * report that the guard did not let pass, or that cannot be written so, is for the writer that looks first.
 */
export function createSeenReportWriter(schema: string, historyKept: HistoryKept, seen: SeenPresences) {
  const { save, saveWithSlots } = savingStatements(schema);

  return async ({ query }: Queries, reports: readonly SentReport[]): Promise<ReadonlySet<string>> => {
    const folded = foldable(reports).flatMap((report) => {
      const presence = seen.take(report.nodeId);
      return presence ? foldOne(report, presence, historyKept) : [];
    });
    if (folded.length === 0) return new Set();
    const columns = [
      folded.map(({ nodeId }) => nodeId),
      folded.map(({ bootId }) => bootId),
      folded.map(({ version }) => version),
      folded.map(({ expectedByMs }) => expectedByMs),
      folded.map(({ lastHeartbeat }) => lastHeartbeat),
    ];
    const slots = folded.flatMap((one) => one.slots);
    const statement: Statement = slots.length > 0 ? saveWithSlots : save;
    const slotValues = slots[0]?.map((_, index) => slots.map((values) => values[index])) ?? [];
    try {
      const rows = await query<{ node_id: string }>(statement, [...columns, ...slotValues]);
      return new Set(rows.map(({ node_id }) => node_id));
    } catch (error) {
      // Its plan may lock the rows in another order than a statement of another process.
      if (isDeadlock(error)) return new Set();
      throw error;
    }
  };
}

/** The only report of its node, and a heartbeat without a status. */
function foldable(reports: readonly SentReport[]): SentReport[] {
  const counts = new Map<string, number>();
  for (const { nodeId } of reports) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
  return reports.filter(({ nodeId, report }) => counts.get(nodeId) === 1 && report.sequence >= 1 && !report.status);
}

function foldOne({ nodeId, report }: SentReport, { version, last }: SeenPresence, historyKept: HistoryKept): Folded[] {
  const presence = { acceptedBootId: report.bootId, ...(last && { last }) };
  const { heartbeat, finished, factsChange } = foldReports(presence, [report], historyKept);
  if (!heartbeat || factsChange) return [];
  return [
    {
      nodeId,
      bootId: report.bootId,
      version,
      expectedByMs: heartbeat.expectedByMs,
      lastHeartbeat: JSON.stringify(heartbeat),
      slots: finished.map(({ resolution, slot }) => {
        const { start_ms, heartbeat_count, record } = slotColumns(slot);
        return [nodeId, resolution, start_ms, heartbeat_count, record];
      }),
    },
  ];
}

function savingStatements(schema: string) {
  // A crash of the server may undo it, as for all reports.
  const saved = `
    WITH lag AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
    new AS MATERIALIZED (
      SELECT new.* FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
        AS new (node_id, boot_id, version, expected_by_ms, last_heartbeat), lag
    ), saved AS (
      UPDATE ${schema}.presence SET
        version = presence.version + 1, expected_by_ms = new.expected_by_ms, last_heartbeat = new.last_heartbeat
      FROM new
      WHERE presence.node_id = new.node_id AND presence.version = new.version AND presence.accepted_boot_id = new.boot_id
      RETURNING presence.node_id
    )`;
  return statements('seen', {
    save: `${saved} SELECT node_id FROM saved`,
    // A slot is closed twice if the clock was set back.
    saveWithSlots: `${saved}, slots AS (
      INSERT INTO ${schema}.history (node_id, resolution, start_ms, heartbeat_count, record)
      SELECT slot.* FROM unnest($6::text[], $7::text[], $8::bigint[], $9::bigint[], $10::text[])
        AS slot (node_id, resolution, start_ms, heartbeat_count, record)
      JOIN saved USING (node_id)
      ON CONFLICT (node_id, resolution, start_ms) DO UPDATE
      SET heartbeat_count = history.heartbeat_count + excluded.heartbeat_count, record = excluded.record
    )
    SELECT node_id FROM saved`,
  });
}
