import type { SeenMember } from '../../fleet-store/rollout-member.js';
import type { RolloutQuery, RolloutStore } from '../../fleet-store/rollout-store.js';
import { type Behalf, instantOf } from '../records/behalf.js';
import { memberOrder } from '../records/member-order.js';
import { memberOf, type MemberRow, rolloutOf, type RolloutRow } from '../records/rollout-rows.js';
import { commandOf, type CommandRow, lastHeartbeatOf } from '../records/rows.js';
import { withoutCounts } from '../records/fold-reports.js';
import { allOf, always } from './condition.js';
import type { Dialect } from './dialect.js';
import type { ReadRows } from './fleet-lists.js';
import { fleetNodeOf, type FleetRow } from './fleet-rows.js';
import { memberPage, membershipsOf, newMemberIds, seenMembers } from './member-lists.js';
import { type Sql, sql, statementOf, valueList } from './sql.js';

export type RolloutLists = Omit<RolloutStore, 'changeRollout'>;

export interface RolloutReads {
  /** Of what a key finds. */
  readRows: ReadRows;
  /** Of what may be many rows. */
  readAside: ReadRows;
}

/** What is read of rollouts, in either database. */
export function createRolloutLists(dialect: Dialect, reads: RolloutReads): (behalf: Behalf) => RolloutLists {
  const { table } = dialect;
  const read = <Row>(by: ReadRows, statement: Sql): Promise<Row[]> => {
    const { text, values } = statementOf(statement, dialect.placeholder);
    return by<Row>(text, values);
  };

  return (behalf) => {
    const { scope } = behalf;
    /** With a scope, only rollouts of the same actor are there. */
    const actor = scope ? (behalf.actor ?? 'system') : undefined;
    const isTheirs = actor === undefined ? always : sql`actor = ${actor}`;

    const find = async (rolloutId: string): Promise<RolloutRow | undefined> => {
      const found = sql`SELECT record FROM ${table('rollout')} WHERE ${allOf([sql`id = ${rolloutId}`, isTheirs])}`;
      return (await read<RolloutRow>(reads.readRows, found))[0];
    };

    /** The rows of members, if the rollout is theirs. */
    const readOf = async <Row>(rolloutId: string, statement: () => Sql): Promise<Row[]> => {
      if (actor !== undefined && !(await find(rolloutId))) return [];
      return read<Row>(reads.readAside, statement());
    };

    return {
      async findRollout(rolloutId) {
        const row = await find(rolloutId);
        return row && rolloutOf(row);
      },

      async listRollouts(query) {
        const where = allOf([isTheirs, isAsked(query)]);
        const page = sql`SELECT record FROM ${table('rollout')} WHERE ${where}
          ORDER BY created_at_ms DESC, id DESC LIMIT ${query.limit}`;
        return (await read<RolloutRow>(reads.readAside, page)).map(rolloutOf);
      },

      async readMembers(rolloutId, query) {
        if (query.which === 'named' && query.nodeIds.length === 0) return [];
        const rows = await readOf<SeenRow>(rolloutId, () => seenMembers(dialect, rolloutId, query, scope));
        const order = memberOrder(query.which);
        return rows.map(seenMemberOf).toSorted((one, other) => order(one.member, other.member));
      },

      async listMembers(rolloutId, query) {
        if (query.states?.length === 0) return [];
        const rows = await readOf<MemberRow>(rolloutId, () => memberPage(dialect, rolloutId, query, scope));
        return rows.map(memberOf);
      },

      async findMemberships(nodeId) {
        const rows = await read<RolloutRow & MemberRow>(
          reads.readRows,
          membershipsOf(dialect, nodeId, { actor, scope }),
        );
        return rows.map((row) => ({ rollout: rolloutOf(row), member: memberOf(row) }));
      },

      async findNewMembers(rolloutId, selector, limit) {
        if (!(await find(rolloutId))) return [];
        const viewer = { nowMs: instantOf(behalf), scope };
        const ids = newMemberIds(dialect, rolloutId, selector, viewer, limit);
        return (await read<{ node_id: string }>(reads.readAside, ids)).map(({ node_id }) => node_id);
      },
    };
  };
}

function isAsked({ states, isUnsettled }: RolloutQuery): Sql {
  const conditions: Sql[] = [];
  if (states) conditions.push(states.length === 0 ? sql`1 = 0` : sql`state IN (${valueList(states)})`);
  if (isUnsettled) conditions.push(sql`is_unsettled`);
  return allOf(conditions);
}

/** What is absent is `null` in each of its columns. */
type SeenRow = MemberRow & { [Column in keyof (CommandRow & FleetRow)]: (CommandRow & FleetRow)[Column] | null } & {
  held_by: string | null;
};

function seenMemberOf(row: SeenRow): SeenMember {
  const { last_heartbeat: heartbeat, held_by: heldBy } = row;
  return {
    member: memberOf(row),
    ...(row.record !== null && { command: commandOf(row as CommandRow) }),
    ...(row.node_id !== null && { node: fleetNodeOf(row as FleetRow) }),
    ...(heartbeat !== null && { lastHeartbeat: withoutCounts(lastHeartbeatOf(heartbeat)) }),
    ...(heldBy !== null && { heldBy }),
  };
}
