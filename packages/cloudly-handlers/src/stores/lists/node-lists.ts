import { foldText } from '../../facts/fold-text.js';
import type { CountField, FleetQuery } from '../../fleet-store/fleet-store.js';
import type { Scope, Selector } from '../../selector/selector.js';
import { allOf, inScope, selected, type Viewer } from './condition.js';
import type { Dialect } from './dialect.js';
import { countedLabel, sortColumns, textColumns } from './fact-columns.js';
import { fleetRowColumns } from './fleet-rows.js';
import { joined, type Sql, sql, valueList } from './sql.js';

const nodeId = textColumns.id;

/** A page of the fleet, and one node more if there is another page. Rows also have their `sort_value`. */
export function fleetPage(dialect: Dialect, { selector, sort, after, limit }: FleetQuery, viewer: Viewer): Sql {
  const column = sortColumns[sort.by];
  const columns = sort.by === 'id' ? [nodeId] : [column, nodeId];
  const bounds = after && (sort.by === 'id' ? [after.nodeId] : [after.value, after.nodeId]);
  const conditions = [selected(dialect, selector, viewer)];
  if (bounds) {
    conditions.push(sql`(${joined(columns, ', ')}) ${sort.isDescending ? sql`<` : sql`>`} (${valueList(bounds)})`);
  }
  return page(dialect, {
    column,
    columns,
    isDescending: sort.isDescending,
    where: allOf(conditions),
    limit: limit + 1,
  });
}

/** These nodes, by their IDs. */
export function nodesWithIds(dialect: Dialect, nodeIds: readonly string[], scope: Scope | undefined): Sql {
  const where = allOf([sql`${nodeId} IN (${valueList(nodeIds)})`, inScope(dialect, scope, nodeId)]);
  return page(dialect, { where, limit: nodeIds.length });
}

/** The nodes with this ID, name, host name or device UUID. */
export function nodesNamed(dialect: Dialect, text: string, scope: Scope | undefined, limit: number): Sql {
  const isNamed = [
    sql`${nodeId} = ${text}`,
    sql`${textColumns.name} = ${foldText(text)}`,
    sql`${textColumns.hostname} <> '' AND ${textColumns.hostname} = ${text}`,
    sql`${textColumns.uuid} <> '' AND ${textColumns.uuid} = ${text}`,
  ];
  return page(dialect, { where: allOf([anyOf(dialect, isNamed), inScope(dialect, scope, nodeId)]), limit });
}

/** The nodes whose ID or device UUID begins so. */
export function nodesBeginning(dialect: Dialect, text: string, scope: Scope | undefined, limit: number): Sql {
  const begins = (column: Sql): Sql => sql`${column} >= ${text} AND ${column} < ${`${text}\u{10FFFF}`}`;
  const isNamed = [begins(nodeId), sql`${textColumns.uuid} <> '' AND ${begins(textColumns.uuid)}`];
  return page(dialect, { where: allOf([anyOf(dialect, isNamed), inScope(dialect, scope, nodeId)]), limit });
}

/** How many nodes are selected, as `node_count`. */
export function fleetCount(dialect: Dialect, selector: Selector, viewer: Viewer, max: number): Sql {
  return sql`SELECT count(*) AS node_count FROM (
    SELECT 1 FROM ${facts(dialect)} WHERE ${selected(dialect, selector, viewer)} LIMIT ${max}
  ) AS counted`;
}

/** How many of them have each `value`, as `node_count`. */
export function fleetCountBy(
  dialect: Dialect,
  field: CountField,
  selector: Selector,
  viewer: Viewer,
  limit: number,
): Sql {
  const key = countedLabel(field);
  const value =
    key === undefined ? textColumns[field as Exclude<CountField, `label.${string}`>] : sql`coalesce(label.value, '')`;
  const labels = sql`LEFT JOIN ${dialect.table('node_label')} AS label ON label.node_id = ${nodeId} AND label.key = ${key ?? ''}`;
  return sql`SELECT ${value} AS value, count(*) AS node_count FROM ${facts(dialect)}${key === undefined ? sql`` : sql` ${labels}`}
    WHERE ${selected(dialect, selector, viewer)}
    GROUP BY 1 ORDER BY node_count DESC, value LIMIT ${limit}`;
}

/** The keys of labels as `value`, and how many nodes have each, as `node_count`. */
export function labelKeyCounts(dialect: Dialect, scope: Scope | undefined, limit: number): Sql {
  return sql`SELECT key AS value, count(*) AS node_count FROM ${dialect.table('node_label')} AS node_label
    WHERE ${inScope(dialect, scope, sql`node_label.node_id`)}
    GROUP BY key ORDER BY key LIMIT ${limit}`;
}

/** The IDs of the nodes that are selected. */
export function selectedIds(dialect: Dialect, selector: Selector, viewer: Viewer, limit: number): Sql {
  return sql`SELECT ${nodeId} FROM ${facts(dialect)} WHERE ${selected(dialect, selector, viewer)} LIMIT ${limit}`;
}

/** Keeps the nodes that are selected as those of a job. */
export function frozenNodes(dialect: Dialect, jobId: string, selector: Selector, viewer: Viewer, limit: number): Sql {
  return sql`INSERT INTO ${dialect.table('bulk_node')} (job_id, node_id)
    SELECT ${jobId}, selected.node_id FROM (${selectedIds(dialect, selector, viewer, limit)}) AS selected`;
}

interface Page {
  /** What rows are ordered by. */
  column?: Sql;
  /** Also by the node's ID. */
  columns?: readonly Sql[];
  isDescending?: boolean;
  where: Sql;
  limit: number;
}

/** The IDs come first, by an index alone if one gives the order; the rest is read of the page only. */
function page(
  dialect: Dialect,
  { column = nodeId, columns = [nodeId], isDescending = false, where, limit }: Page,
): Sql {
  const direction = isDescending ? sql` DESC` : sql``;
  const order = joined(
    columns.map((each) => sql`${each}${direction}`),
    ', ',
  );
  return sql`SELECT ${fleetRowColumns(dialect)}, page.sort_value FROM (
    SELECT ${nodeId} AS paged_id, ${column} AS sort_value FROM ${facts(dialect)} WHERE ${where}
    ORDER BY ${order} LIMIT ${limit}
  ) AS page JOIN ${facts(dialect)} ON ${nodeId} = page.paged_id
  ORDER BY page.sort_value${direction}, page.paged_id${direction}`;
}

/** Each condition has an index of its own. */
function anyOf(dialect: Dialect, conditions: readonly Sql[]): Sql {
  const found = conditions.map((condition) => sql`SELECT ${nodeId} FROM ${facts(dialect)} WHERE ${condition}`);
  return sql`${nodeId} IN (${joined(found, ' UNION ')})`;
}

function facts({ table }: Dialect): Sql {
  return sql`${table('node_fact')} AS node_fact`;
}
