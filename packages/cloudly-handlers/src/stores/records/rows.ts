import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import { commandEndsAtMs } from '../../fleet/command-end.js';
import type { CommandProgress, CommandRecord, TakenResult } from '../../fleet/command-record.js';
import type { StoredNode } from '../../fleet/node-store.js';
import type { HistorySlot } from '../../fleet/history.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import type { StatusHead, StoredStatus } from '../../fleet/node-report.js';
import { type FoldedReports, headOf, type LastHeartbeat, type Presence, withoutCounts } from './fold-reports.js';

// Every table keeps its record whole, as JSON text. The columns beside it are those that the database itself searches,
// judges by or changes. So a new field of a record needs no column, no statement and no line here.

export interface JoinTokenRow {
  record: string;
  used_count: number;
  revoked_at_ms: number | null;
  revoked_reason: string | null;
}

/** Values by column, in the order in which both dialects insert them. */
export function joinTokenColumns(joinToken: JoinTokenRecord) {
  return {
    id: joinToken.id,
    hash: joinToken.hash,
    used_count: joinToken.usedCount,
    revoked_at_ms: joinToken.revokedAtMs ?? null,
    revoked_reason: joinToken.revokedReason ?? null,
    record: JSON.stringify(joinToken),
  };
}

export function joinTokenOf({ record, used_count, revoked_at_ms, revoked_reason }: JoinTokenRow): JoinTokenRecord {
  return {
    ...(JSON.parse(record) as JoinTokenRecord),
    usedCount: used_count,
    ...(revoked_at_ms !== null && { revokedAtMs: revoked_at_ms }),
    ...(revoked_reason !== null && { revokedReason: revoked_reason }),
  };
}

export interface StoredNodeRow {
  record: string;
  revision: number;
  last_heartbeat: string | null;
  status_head: string | null;
  commands_until_ms: number | null;
}

/** Values by column, in the order in which both dialects insert them. */
export function nodeColumns(node: NodeRecord) {
  return {
    node_id: node.nodeId,
    revision: node.revision,
    join_token_id: node.joinTokenId,
    approved_at_ms: node.approvedAtMs ?? null,
    revoked_at_ms: node.revokedAtMs ?? null,
    current_token_hash: node.currentToken?.hash ?? null,
    next_token_hash: node.nextToken?.hash ?? null,
    record: JSON.stringify(node),
  };
}

/** The process whose reports are kept, in the row that reports are judged by; none of a revoked node. */
export function acceptedBootId({ revokedAtMs, bootId }: NodeRecord): string | null {
  return revokedAtMs === undefined ? bootId : null;
}

export function storedNodeOf(row: StoredNodeRow): StoredNode {
  return {
    node: { ...(JSON.parse(row.record) as NodeRecord), revision: row.revision },
    ...(row.last_heartbeat !== null && { lastHeartbeat: withoutCounts(lastHeartbeatOf(row.last_heartbeat)) }),
    ...(row.status_head !== null && { status: JSON.parse(row.status_head) as StatusHead }),
    ...(row.commands_until_ms !== null && { commandsUntilMs: row.commands_until_ms }),
  };
}

export function lastHeartbeatOf(text: string): LastHeartbeat {
  return JSON.parse(text) as LastHeartbeat;
}

export interface PresenceRow {
  accepted_boot_id: string | null;
  last_heartbeat: string | null;
}

export function presenceOf({ accepted_boot_id, last_heartbeat }: PresenceRow): Presence {
  return {
    ...(accepted_boot_id !== null && { acceptedBootId: accepted_boot_id }),
    ...(last_heartbeat !== null && { last: lastHeartbeatOf(last_heartbeat) }),
  };
}

/** What reports of a node change in its presence; `null` leaves a column as it is. */
export function presenceColumns({
  heartbeat,
  status,
}: { [Key in 'heartbeat' | 'status']: FoldedReports[Key] | undefined }) {
  return {
    expected_by_ms: heartbeat?.expectedByMs ?? null,
    last_heartbeat: heartbeat ? JSON.stringify(heartbeat) : null,
    status_head: status ? JSON.stringify(headOf(status)) : null,
  };
}

export interface StatusRow {
  status_head: string;
  status: string;
}

export function storedStatusOf({ status_head, status }: StatusRow): StoredStatus {
  return { ...(JSON.parse(status_head) as StatusHead), status: JSON.parse(status) as RuntimeStatus };
}

export interface SlotRow {
  start_ms: number;
  heartbeat_count: number;
  record: string;
}

/** The record leaves out the two columns: a node has thousands of slots. */
export function slotColumns({ startMs, heartbeatCount, ...rest }: HistorySlot): SlotRow {
  return { start_ms: startMs, heartbeat_count: heartbeatCount, record: JSON.stringify(rest) };
}

export function slotOf({ start_ms, heartbeat_count, record }: SlotRow): HistorySlot {
  return { startMs: start_ms, heartbeatCount: heartbeat_count, ...(JSON.parse(record) as Partial<HistorySlot>) };
}

export interface CommandRow {
  record: string;
  listed_at_ms: number | null;
  running: string | null;
  cancelled_at_ms: number | null;
  ended_at_ms: number | null;
  result: string | null;
}

/** The columns of a {@link CommandRow}. */
export const commandRowColumns = 'record, listed_at_ms, running, cancelled_at_ms, ended_at_ms, result';

/** Values by column, in the order in which both dialects insert them. */
export function commandColumns(nodeId: string, command: CommandRecord) {
  return {
    node_id: nodeId,
    id: command.id,
    queued_at_ms: command.queuedAtMs,
    expires_at_ms: command.expiresAtMs,
    ends_at_ms: commandEndsAtMs(command),
    listed_at_ms: command.listedAtMs ?? null,
    running: command.running ? JSON.stringify(command.running) : null,
    cancelled_at_ms: command.cancelledAtMs ?? null,
    ended_at_ms: command.endedAtMs ?? null,
    result: command.result ? JSON.stringify(command.result) : null,
    record: JSON.stringify(command),
  };
}

export function commandOf(row: CommandRow): CommandRecord {
  const { record, listed_at_ms, running, cancelled_at_ms, ended_at_ms, result } = row;
  return {
    ...(JSON.parse(record) as CommandRecord),
    ...(listed_at_ms !== null && { listedAtMs: listed_at_ms }),
    ...(running !== null && { running: progressOf(running) }),
    ...(cancelled_at_ms !== null && { cancelledAtMs: cancelled_at_ms }),
    ...(ended_at_ms !== null && { endedAtMs: ended_at_ms }),
    ...(result !== null && { result: JSON.parse(result) as TakenResult }),
  };
}

export function progressOf(text: string): CommandProgress {
  return JSON.parse(text) as CommandProgress;
}
