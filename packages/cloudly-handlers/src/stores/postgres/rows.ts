import type { RunningCommand, RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';
import type { CommandRecord, TakenResult } from '../../fleet/command-record.js';
import type { StoredNode } from '../../fleet/fleet-store.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import type { StatusHead, StoredHeartbeat, StoredStatus } from '../../fleet/node-report.js';

export interface JoinTokenRow {
  record: string;
  used_count: number;
  revoked_at_ms: number | null;
  revoked_reason: string | null;
}

export function joinTokenOf({ record, used_count, revoked_at_ms, revoked_reason }: JoinTokenRow): JoinTokenRecord {
  return {
    ...(JSON.parse(record) as JoinTokenRecord),
    usedCount: used_count,
    ...(revoked_at_ms !== null && { revokedAtMs: revoked_at_ms }),
    ...(revoked_reason !== null && { revokedReason: revoked_reason }),
  };
}

interface HeartbeatRow {
  boot_id: string | null;
  sequence: number;
  received_at_ms: number;
  expected_by_ms: number;
  vitals: string | null;
  running_command: string | null;
}

interface StatusHeadRow {
  status_boot_id: string | null;
  status_received_at_ms: number;
  status_hash: string | null;
}

export interface StoredNodeRow extends HeartbeatRow, StatusHeadRow {
  record: string;
  revision: number;
  commands_until_ms: number | null;
}

export function storedNodeOf(row: StoredNodeRow): StoredNode {
  const lastHeartbeat = heartbeatOf(row);
  const status = statusHeadOf(row);
  return {
    node: { ...(JSON.parse(row.record) as NodeRecord), revision: row.revision },
    ...(lastHeartbeat && { lastHeartbeat }),
    ...(status && { status }),
    ...(row.commands_until_ms !== null && { commandsUntilMs: row.commands_until_ms }),
  };
}

function heartbeatOf(row: HeartbeatRow): StoredHeartbeat | undefined {
  return row.boot_id === null
    ? undefined
    : {
        bootId: row.boot_id,
        sequence: row.sequence,
        receivedAtMs: row.received_at_ms,
        expectedByMs: row.expected_by_ms,
        ...vitalsIfSet(row.vitals),
        ...(row.running_command !== null && { runningCommand: JSON.parse(row.running_command) as RunningCommand }),
      };
}

function statusHeadOf(row: StatusHeadRow): StatusHead | undefined {
  return row.status_boot_id === null
    ? undefined
    : {
        bootId: row.status_boot_id,
        receivedAtMs: row.status_received_at_ms,
        ...(row.status_hash !== null && { hash: row.status_hash }),
      };
}

export interface StatusRow extends StatusHeadRow {
  status: string;
}

export function storedStatusOf(row: StatusRow): StoredStatus | undefined {
  const head = statusHeadOf(row);
  return head && { ...head, status: JSON.parse(row.status) as RuntimeStatus };
}

export interface CommandRow {
  record: string;
  listed_at_ms: number | null;
  cancelled_at_ms: number | null;
  result: string | null;
}

export function commandOf({ record, listed_at_ms, cancelled_at_ms, result }: CommandRow): CommandRecord {
  return {
    ...(JSON.parse(record) as CommandRecord),
    ...(listed_at_ms !== null && { listedAtMs: listed_at_ms }),
    ...(cancelled_at_ms !== null && { cancelledAtMs: cancelled_at_ms }),
    ...(result !== null && { result: JSON.parse(result) as TakenResult }),
  };
}

export function vitalsIfSet(vitals: string | null): { vitals?: Vitals } {
  return vitals === null ? {} : { vitals: JSON.parse(vitals) as Vitals };
}

export function jsonOrNull(value: object | undefined): string | null {
  return value ? JSON.stringify(value) : null;
}
