import type { MemberListQuery, SeenMemberQuery } from '../../fleet-store/rollout-store.js';
import type { MemberState } from '../../fleet/rollout-states.js';
import type { Scope, Selector } from '../../selector/selector.js';
import { memberRowColumns } from '../records/rollout-rows.js';
import { commandRowColumns } from '../records/rows.js';
import { allOf, always, inScope, selected, type Viewer } from './condition.js';
import type { Dialect } from './dialect.js';
import { fleetRowColumns } from './fleet-rows.js';
import { columnsOf, joined, raw, type Sql, sql, valueList } from './sql.js';

/**
 * What a plan looks at: the members of a query, each with what is known of its command and its node. First their IDs are found,
 * by an index alone; what belongs to each is looked up, in no particular order.
 */
export function seenMembers(dialect: Dialect, rolloutId: string, query: SeenMemberQuery, scope?: Scope): Sql {
  const { table, joinOne } = dialect;
  const columns = [
    raw(memberRowColumns),
    columnsOf('command', commandRowColumns),
    fleetRowColumns(dialect),
    sql`(SELECT holder.rollout_id FROM ${table('rollout_node')} AS holder
      WHERE holder.node_id = page.node_id AND holder.is_holding AND holder.rollout_id <> ${rolloutId}) AS held_by`,
  ];
  const isMember = sql`member.rollout_id = ${rolloutId} AND member.node_id = page.node_id`;
  const isCommand = sql`command.node_id = page.node_id AND command.id = member.command_id`;
  return sql`SELECT ${joined(columns, ', ')} FROM (${seenPage(dialect, rolloutId, query, scope)}) AS page
    ${joinOne('rollout_node', 'member', isMember)}
    ${joinOne('command', 'command', isCommand)}
    ${joinOne('node_fact', 'node_fact', sql`node_fact.node_id = page.node_id`)}`;
}

function seenPage(dialect: Dialect, rolloutId: string, query: SeenMemberQuery, scope: Scope | undefined): Sql {
  const page = (conditions: readonly Sql[], order: Sql, limit: number): Sql =>
    sql`SELECT member.node_id FROM ${members(dialect)}
      WHERE ${allOf([ofRollout(rolloutId), ...conditions, isVisible(dialect, scope)])} ORDER BY ${order} LIMIT ${limit}`;
  const all = (condition: Sql): Sql =>
    sql`SELECT member.node_id FROM ${members(dialect)}
      WHERE ${allOf([ofRollout(rolloutId), condition, isVisible(dialect, scope)])}`;
  const ofState = (state: MemberState, limit: number): Sql =>
    sql`SELECT * FROM (${page([sql`member.state = ${state}`], sql`member.node_id`, limit)}) AS of_state`;
  const byRank = sql`member.wave, member.rank, member.node_id`;

  switch (query.which) {
    case 'in-flight': {
      return sql`${all(sql`member.state = 'offered'`)} UNION ALL ${all(sql`member.state = 'running'`)}`;
    }
    case 'held': {
      const { wavesTo, withoutGroups, limit } = query;
      const isDue = sql`member.state = 'held' AND member.wave <= ${wavesTo}`;
      return page([isDue, isInRoom(dialect, withoutGroups)], byRank, limit);
    }
    case 'back': {
      const { nowMs, withoutGroups, limit } = query;
      const isDue = sql`member.state = 'deferred' AND (member.wait_until_ms IS NULL OR member.wait_until_ms <= ${nowMs})`;
      // Nodes lie in this order in the indexes that tell whether they are back.
      return page([isDue, isInRoom(dialect, withoutGroups), isBack(dialect, rolloutId)], sql`member.node_id`, limit);
    }
    case 'overdue': {
      const { sinceBeforeMs, limit } = query;
      const isOverdue = sql`member.state = 'deferred' AND member.since_ms < ${sinceBeforeMs}`;
      return page([isOverdue], sql`member.since_ms, member.node_id`, limit);
    }
    case 'late': {
      const isForWant = sql`member.state = 'unknown' AND member.reason = 'no-result'`;
      return page([isForWant, hasResult(dialect)], sql`member.node_id`, query.limit);
    }
    case 'named': {
      return all(sql`member.node_id IN (${valueList(query.nodeIds)})`);
    }
    default: {
      const { limit } = query;
      return sql`${ofState('failed', limit)} UNION ALL ${ofState('unknown', limit)} ORDER BY node_id LIMIT ${limit}`;
    }
  }
}

/** Members in the order of node IDs. Of each state an index gives the first, and of these the page is taken. */
export function memberPage(dialect: Dialect, rolloutId: string, query: MemberListQuery, scope?: Scope): Sql {
  const { states, wave, group, afterNodeId, limit } = query;
  const conditions = [ofRollout(rolloutId), isVisible(dialect, scope)];
  if (afterNodeId !== undefined) conditions.push(sql`member.node_id > ${afterNodeId}`);
  if (wave !== undefined) conditions.push(sql`member.wave = ${wave}`);
  if (group !== undefined) conditions.push(sql`member.group_value = ${group}`);
  const list = (further: readonly Sql[]): Sql =>
    sql`SELECT ${raw(memberRowColumns)} FROM ${members(dialect)}
      WHERE ${allOf([...conditions, ...further])} ORDER BY member.node_id LIMIT ${limit}`;

  if (!states) return list([]);
  const ofState = (state: MemberState): Sql => sql`SELECT * FROM (${list([sql`member.state = ${state}`])}) AS of_state`;
  const pages = [...new Set(states)].map(ofState);
  return sql`SELECT * FROM (${joined(pages, ' UNION ALL ')}) AS of_states ORDER BY member_id LIMIT ${limit}`;
}

/** Memberships of a node in rollouts that are not over, the oldest first. */
export function membershipsOf(
  dialect: Dialect,
  nodeId: string,
  viewer: { actor: string | undefined; scope?: Scope | undefined },
): Sql {
  const { actor, scope } = viewer;
  const isTheirs = actor === undefined ? always : sql`rollout.actor = ${actor}`;
  return sql`SELECT rollout.record, ${raw(memberRowColumns)} FROM ${dialect.table('rollout')} AS rollout
    JOIN ${members(dialect)} ON member.rollout_id = rollout.id AND member.node_id = ${nodeId}
    WHERE ${allOf([sql`rollout.state <> 'finished' AND rollout.state <> 'stopped'`, isTheirs, isVisible(dialect, scope)])}
    ORDER BY rollout.created_at_ms, rollout.id`;
}

/** The IDs of nodes that are selected and no members, in their order. */
export function newMemberIds(
  dialect: Dialect,
  rolloutId: string,
  selector: Selector,
  viewer: Viewer,
  limit: number,
): Sql {
  return sql`SELECT node_fact.node_id FROM ${dialect.searchedFacts}
    WHERE ${allOf([selected(dialect, selector, viewer), isNoMember(dialect, rolloutId)])}
    ORDER BY ${dialect.sortedBy(sql`node_fact.node_id`)} LIMIT ${limit}`;
}

function isNoMember(dialect: Dialect, rolloutId: string): Sql {
  return sql`NOT EXISTS (
    SELECT 1 FROM ${members(dialect)} WHERE member.rollout_id = ${rolloutId} AND member.node_id = node_fact.node_id
  )`;
}

function members({ table }: Dialect): Sql {
  return sql`${table('rollout_node')} AS member`;
}

function ofRollout(rolloutId: string): Sql {
  return sql`member.rollout_id = ${rolloutId}`;
}

/** Its group is none of those that have no room. These are gathered once, however many members are looked at. */
function isInRoom({ elements }: Dialect, withoutGroups: readonly string[]): Sql {
  return withoutGroups.length === 0 ? always : sql`member.group_value NOT IN (${elements(withoutGroups)})`;
}

// What follows is looked up member by member, because PostgreSQL joins no subquery with an OFFSET: a plan needs few of them.

/** Its node can be offered something, or is gone. Of a node that is away, both are found out by narrow indexes. */
function isBack(dialect: Dialect, rolloutId: string): Sql {
  return sql`(EXISTS (
    SELECT 1 FROM ${dialect.factsByState}
    WHERE node_fact.state = 'online' AND node_fact.node_id = member.node_id AND node_fact.clone = '' AND NOT EXISTS (
      SELECT 1 FROM ${dialect.table('rollout_node')} AS holder
      WHERE holder.node_id = node_fact.node_id AND holder.is_holding AND holder.rollout_id <> ${rolloutId}
    ) LIMIT 1 OFFSET 0
  ) OR NOT EXISTS (
    SELECT 1 FROM ${dialect.table('node_fact')} AS node_fact WHERE node_fact.node_id = member.node_id LIMIT 1 OFFSET 0
  ))`;
}

function hasResult({ table }: Dialect): Sql {
  return sql`EXISTS (
    SELECT 1 FROM ${table('command')} AS command
    WHERE command.node_id = member.node_id AND command.id = member.command_id AND command.result IS NOT NULL
    LIMIT 1 OFFSET 0
  )`;
}

/** With a scope, its node is there and in scope. */
function isVisible(dialect: Dialect, scope: Scope | undefined): Sql {
  if (!scope) return always;
  return sql`EXISTS (
    SELECT 1 FROM ${dialect.table('node_fact')} AS node_fact
    WHERE node_fact.node_id = member.node_id AND ${inScope(dialect, scope)} LIMIT 1 OFFSET 0
  )`;
}
