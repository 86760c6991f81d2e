import type { EventQuery } from '../../fleet-store/fleet-store.js';
import type { Scope } from '../../selector/selector.js';
import { eventRowColumns } from '../records/event-rows.js';
import { allOf, inScope } from './condition.js';
import type { Dialect } from './dialect.js';
import { joined, raw, type Sql, sql, valueList } from './sql.js';

/** The nodes in a scope, no more than `limit`: by a label that they must have, unless the scope names none. */
export function nodesInScope(dialect: Dialect, scope: Scope, limit: number): Sql {
  const isMeant = inScope(dialect, scope);
  const needed = scope.terms.find(({ isNot, anyOf }) => !isNot && (anyOf === undefined || anyOf.length > 0));
  if (!needed) return sql`SELECT node_id FROM ${dialect.searchedFacts} WHERE ${isMeant} LIMIT ${limit}`;
  const { key, anyOf } = needed;
  const label = sql`node_label.key = ${key}${anyOf ? sql` AND node_label.value IN (${valueList(anyOf)})` : sql``}`;
  // Looked up label by label, as nodes are event by event, because there may be many.
  return sql`SELECT node_label.node_id FROM ${dialect.table('node_label')} AS node_label WHERE ${label} AND EXISTS (
    SELECT 1 FROM ${dialect.table('node_fact')} AS node_fact
    WHERE node_fact.node_id = node_label.node_id AND ${isMeant} LIMIT 1 OFFSET 0
  ) LIMIT ${limit}`;
}

/**
 * The newest events of a query, of some nodes as far as they are in scope: a page of each, and of these the first. Where a scope
 * hides nearly all, whoever reads the events in their order finds few of them.
 */
export function newestOfNodes(dialect: Dialect, query: EventQuery, scope: Scope, nodeIds: readonly string[]): Sql {
  const { before, kinds, isAudit, limit } = query;
  const conditions = [
    sql`event.node_id = node_fact.node_id AND event.registered_at_ms = node_fact.registered_at_ms`,
    ...(before === undefined ? [] : [sql`event.position < ${before}`]),
    ...(kinds ? [sql`event.kind IN (${valueList([...kinds])})`] : []),
    ...(isAudit === undefined ? [] : [auditCondition(dialect, isAudit)]),
  ];
  const ofNode = (columns: Sql): Sql =>
    sql`SELECT ${columns} FROM ${dialect.table('event')} AS event WHERE ${allOf(conditions)} ORDER BY event.position DESC LIMIT ${limit}`;
  const nodes = sql`${dialect.table('node_fact')} AS node_fact`;
  const isMeant = allOf([sql`node_fact.node_id IN (${valueList(nodeIds)})`, inScope(dialect, scope)]);
  const columns = raw(eventRowColumns);
  const pages = dialect.hasLateral
    ? sql`SELECT of_node.* FROM ${nodes} CROSS JOIN LATERAL (${ofNode(columns)}) AS of_node WHERE ${isMeant}`
    : sql`SELECT found.* FROM ${nodes} CROSS JOIN (SELECT ${columns} FROM ${dialect.table('event')}) AS found
      WHERE ${isMeant} AND found.position IN (${ofNode(sql`event.position`)})`;
  return sql`${pages} ORDER BY position DESC LIMIT ${limit}`;
}

function auditCondition(dialect: Dialect, isAudit: boolean): Sql {
  return sql`${isAudit ? sql`` : sql`NOT `}event.${dialect.isAudit}`;
}

/**
 * The events of a query. Each form of it reads an index in the order of positions, and no more than a page of it unless a scope
 * hides what is there.
 */
export function eventPage(dialect: Dialect, query: EventQuery, scope: Scope | undefined): Sql {
  const { after, before, nodeId, kinds, isAudit, isOfNode, limit } = query;
  const conditions: Sql[] = [];
  // Without a bound, SQLite reads the audit by the index of ages, and sorts it.
  if (after !== undefined || isAudit) conditions.push(sql`event.position > ${after ?? 0}`);
  if (before !== undefined) conditions.push(sql`event.position < ${before}`);
  if (isAudit !== undefined) conditions.push(auditCondition(dialect, isAudit));
  if (nodeId !== undefined) conditions.push(ofTimeline(dialect, nodeId));
  if (scope) conditions.push(ofNodeInScope(dialect, scope));
  else if (isOfNode && nodeId === undefined) conditions.push(sql`event.node_id IS NOT NULL`);

  const order = sql`ORDER BY position ${after === undefined ? sql`DESC ` : sql``}LIMIT ${limit}`;
  const list = (further: readonly Sql[]): Sql =>
    sql`SELECT ${raw(eventRowColumns)} FROM ${dialect.table('event')} AS event WHERE ${allOf([...conditions, ...further])} ${order}`;

  if (!kinds) return list([]);
  // A page of each kind, and of these the first: a kind may be rare among all events.
  const pages = [...new Set(kinds)].map((kind) => sql`SELECT * FROM (${list([sql`event.kind = ${kind}`])}) AS of_kind`);
  return sql`SELECT * FROM (${joined(pages, ' UNION ALL ')}) AS of_kinds ${order}`;
}

/** Since the registration of the node, or the last one of a node that is forgotten. */
function ofTimeline({ table }: Dialect, nodeId: string): Sql {
  return sql`event.node_id = ${nodeId} AND event.registered_at_ms = coalesce(
    (SELECT registered_at_ms FROM ${table('node_fact')} WHERE node_id = ${nodeId}),
    (SELECT registered_at_ms FROM ${table('event')}
      WHERE node_id = ${nodeId} AND registered_at_ms IS NOT NULL ORDER BY position DESC LIMIT 1)
  )`;
}

/**
 * Of a node that is in scope now: who had its ID before may have been in another one. Looked up event by event, because
 * PostgreSQL joins no subquery with an OFFSET.
 */
function ofNodeInScope(dialect: Dialect, scope: Scope): Sql {
  return sql`EXISTS (
    SELECT 1 FROM ${dialect.table('node_fact')} AS node_fact
    WHERE node_fact.node_id = event.node_id AND node_fact.registered_at_ms = event.registered_at_ms
    AND ${inScope(dialect, scope)} LIMIT 1 OFFSET 0
  )`;
}
