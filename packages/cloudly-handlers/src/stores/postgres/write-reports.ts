import type { HistoryKept } from '../../fleet/history.js';
import type { Queries } from './database.js';
import { foldReports, type Presence } from './fold-reports.js';
import type { SentReport } from './report-batch.js';
import { jsonOrNull, vitalsIfSet } from './rows.js';
import { type Statement, statements } from './statement.js';

/**
 * Writes reports of many nodes in a transaction, one row for each node, and resolves with whether each was kept. The rows
 * are locked in the order of their IDs, so that two such transactions never wait for each other.
 */
export function createReportWriter(schema: string, historyKept: HistoryKept) {
  const { lock, saveSlots, saveHeartbeats, saveStatuses } = writingStatements(schema);

  return async ({ query }: Queries, reports: readonly SentReport[]): Promise<boolean[]> => {
    const sentBy = groupByNode(reports);
    const rows = await query<PresenceRow>(lock, [[...sentBy.keys()]]);
    const nodes = rows.map((row) => {
      const sent = sentBy.get(row.node_id) ?? [];
      const reportsOfNode = sent.map(({ report }) => report);
      return { nodeId: row.node_id, sent, folded: foldReports(presenceOf(row), reportsOfNode, historyKept) };
    });

    /** As one array for each column. */
    const save = async <Item>(
      statement: Statement,
      items: readonly Item[],
      columns: readonly ((item: Item) => unknown)[],
    ): Promise<void> => {
      const values = columns.map((column) => items.map(column));
      if (items.length > 0) await query(statement, values);
    };
    await save(
      saveSlots,
      nodes.flatMap(({ nodeId, folded }) => folded.finished.map((one) => ({ nodeId, ...one }))),
      [
        ({ nodeId }) => nodeId,
        ({ resolution }) => resolution,
        ({ slot }) => slot.startMs,
        ({ slot }) => slot.heartbeatCount,
        ({ slot }) => jsonOrNull(slot.vitals),
      ],
    );
    await save(
      saveHeartbeats,
      nodes.flatMap(({ nodeId, folded: { heartbeat } }) => (heartbeat ? [{ nodeId, ...heartbeat }] : [])),
      [
        ({ nodeId }) => nodeId,
        ({ bootId }) => bootId,
        ({ sequence }) => sequence,
        ({ receivedAtMs }) => receivedAtMs,
        ({ expectedByMs, receivedAtMs }) => expectedByMs ?? receivedAtMs,
        ({ vitals }) => jsonOrNull(vitals),
        ({ runningCommand }) => jsonOrNull(runningCommand),
        ({ counts }) => counts.detail,
        ({ counts }) => counts.hours,
      ],
    );
    await save(
      saveStatuses,
      nodes.flatMap(({ nodeId, folded: { status } }) => (status ? [{ nodeId, ...status }] : [])),
      [
        ({ nodeId }) => nodeId,
        ({ bootId }) => bootId,
        ({ receivedAtMs }) => receivedAtMs,
        ({ statusHash }) => statusHash ?? null,
        ({ status }) => jsonOrNull(status),
      ],
    );

    const kept = new Set(nodes.flatMap(({ sent, folded }) => sent.filter((_, index) => folded.kept[index])));
    return reports.map((report) => kept.has(report));
  };
}

function groupByNode(reports: readonly SentReport[]): Map<string, SentReport[]> {
  const groups = new Map<string, SentReport[]>();
  for (const report of reports) {
    const group = groups.get(report.nodeId);
    if (group) group.push(report);
    else groups.set(report.nodeId, [report]);
  }
  return groups;
}

interface PresenceRow {
  node_id: string;
  accepted_boot_id: string | null;
  boot_id: string | null;
  sequence: number;
  received_at_ms: number;
  vitals: string | null;
  detail_count: number;
  hours_count: number;
}

function presenceOf(row: PresenceRow): Presence {
  return {
    ...(row.accepted_boot_id !== null && { acceptedBootId: row.accepted_boot_id }),
    ...(row.boot_id !== null && {
      last: {
        bootId: row.boot_id,
        sequence: row.sequence,
        receivedAtMs: row.received_at_ms,
        counts: { detail: row.detail_count, hours: row.hours_count },
        ...vitalsIfSet(row.vitals),
      },
    }),
  };
}

function writingStatements(schema: string) {
  return statements('write', {
    lock: `
      SELECT node_id, accepted_boot_id, boot_id, sequence, received_at_ms, vitals, detail_count, hours_count
      FROM ${schema}.presence WHERE node_id = ANY ($1::text[]) ORDER BY node_id FOR NO KEY UPDATE`,
    saveSlots: `
      INSERT INTO ${schema}.history (node_id, resolution, start_ms, heartbeat_count, vitals)
      SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
      ON CONFLICT (node_id, resolution, start_ms) DO UPDATE
      SET heartbeat_count = history.heartbeat_count + excluded.heartbeat_count, vitals = excluded.vitals`,
    saveHeartbeats: `
      UPDATE ${schema}.presence SET
        boot_id = new.boot_id, sequence = new.sequence, received_at_ms = new.received_at_ms,
        expected_by_ms = new.expected_by_ms, vitals = new.vitals, running_command = new.running_command,
        detail_count = new.detail_count, hours_count = new.hours_count
      FROM unnest(
        $1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::bigint[]
      ) AS new (
        node_id, boot_id, sequence, received_at_ms, expected_by_ms, vitals, running_command, detail_count, hours_count
      )
      WHERE presence.node_id = new.node_id`,
    saveStatuses: `
      INSERT INTO ${schema}.status (node_id, boot_id, received_at_ms, hash, status)
      SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[])
      ON CONFLICT (node_id) DO UPDATE SET
        boot_id = excluded.boot_id, received_at_ms = excluded.received_at_ms, hash = excluded.hash, status = excluded.status`,
  });
}
