import type { MemberReason, MemberState } from '../../fleet/rollout-states.js';
import type { RolloutMember } from '../../fleet-store/rollout-member.js';
import type { Rollout } from '../../fleet-store/rollout.js';

export interface RolloutRow {
  record: string;
}

/** Values by column, in the order of the table; a truth value is 0 or 1, which both dialects take. */
export function rolloutColumns(rollout: Rollout, isUnsettled: boolean) {
  return {
    id: rollout.id,
    revision: rollout.revision,
    state: rollout.state as string,
    is_unsettled: isUnsettled ? 1 : 0,
    actor: rollout.createdBy as string,
    created_at_ms: rollout.createdAtMs,
    ended_at_ms: rollout.endedAtMs ?? null,
    record: JSON.stringify(rollout),
  };
}

export function rolloutOf({ record }: RolloutRow): Rollout {
  return JSON.parse(record) as Rollout;
}

/** Values by column, in the order of the table. */
export function memberColumns(rolloutId: string, member: RolloutMember) {
  return {
    rollout_id: rolloutId,
    node_id: member.nodeId,
    wave: member.wave,
    group_value: member.group,
    rank: member.rank,
    state: member.state as string,
    reason: member.reason ?? null,
    since_ms: member.sinceMs,
    wait_until_ms: member.waitUntilMs ?? null,
    offer_count: member.offerCount,
    failure_count: member.failureCount,
    command_id: member.commandId ?? null,
    is_holding: member.isHolding ? 1 : 0,
  };
}

/** The columns of a member's row, in the order of the table. */
export const memberColumnNames = [
  'rollout_id',
  'node_id',
  'wave',
  'group_value',
  'rank',
  'state',
  'reason',
  'since_ms',
  'wait_until_ms',
  'offer_count',
  'failure_count',
  'command_id',
  'is_holding',
] as const satisfies readonly (keyof ReturnType<typeof memberColumns>)[];

/** A member's row as it is read, beside columns of other tables with the same names. */
export interface MemberRow {
  member_id: string;
  wave: number;
  group_value: string;
  rank: string;
  member_state: string;
  reason: string | null;
  since_ms: number;
  wait_until_ms: number | null;
  offer_count: number;
  failure_count: number;
  command_id: string | null;
  /** 0 or 1 on SQLite. */
  is_holding: number | boolean;
}

/** The columns of a {@link MemberRow}, of the row `member`. */
export const memberRowColumns: string = [
  'member.node_id AS member_id, member.wave, member.group_value, member.rank, member.state AS member_state, member.reason',
  'member.since_ms, member.wait_until_ms, member.offer_count, member.failure_count, member.command_id, member.is_holding',
].join(', ');

export function memberOf(row: MemberRow): RolloutMember {
  return {
    nodeId: row.member_id,
    wave: row.wave,
    group: row.group_value,
    rank: row.rank,
    state: row.member_state as MemberState,
    ...(row.reason !== null && { reason: row.reason as MemberReason }),
    sinceMs: row.since_ms,
    ...(row.wait_until_ms !== null && { waitUntilMs: row.wait_until_ms }),
    offerCount: row.offer_count,
    failureCount: row.failure_count,
    ...(row.command_id !== null && { commandId: row.command_id }),
    isHolding: Boolean(row.is_holding),
  };
}
