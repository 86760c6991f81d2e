import { labelMark } from '../../facts/label-text.js';
import { foldText } from '../../facts/fold-text.js';
import type { CountField, FleetQuery } from '../../fleet-store/fleet-store.js';
import type { Scope, Selector } from '../../selector/selector.js';
import { allOf, always, inScope, selected, type Viewer } from './condition.js';
import type { Dialect } from './dialect.js';
import { isLabelField } from '../records/field-columns.js';
import { labelText, sortColumn, textColumn } from './fact-columns.js';
import { fleetRowColumns } from './fleet-rows.js';
import { joined, type Sql, sql, valueList } from './sql.js';

const nodeId = textColumn('id');

/** A page of the fleet, and one node more if there is another page. Rows also have their `sort_value`, if it is not the ID. */
export function fleetPage(dialect: Dialect, { selector, sort, after, limit }: FleetQuery, viewer: Viewer): Sql {
  const { by, isDescending } = sort;
  const isById = by === 'id';
  const column = sortColumn(by);
  const columns = isById ? [nodeId] : [column, nodeId];
  const conditions = [selected(dialect, selector, viewer)];
  const isSearched = conditions[0] !== always;
  if (after) {
    const bounds = isById ? [after.nodeId] : [after.value, after.nodeId];
    conditions.push(sql`(${joined(columns, ', ')}) ${isDescending ? sql`<` : sql`>`} (${valueList(bounds)})`);
  }
  const first = isSearched ? dialect.sortedBy(column) : column;
  return page(dialect, {
    order: isById ? [first] : [first, nodeId],
    isDescending,
    from: isSearched ? dialect.searchedFacts : facts(dialect),
    where: allOf(conditions),
    limit: limit + 1,
  });
}

/** These nodes, by their IDs. */
export function nodesWithIds(dialect: Dialect, nodeIds: readonly string[], scope: Scope | undefined): Sql {
  const where = allOf([sql`${nodeId} IN (${valueList(nodeIds)})`, inScope(dialect, scope)]);
  return page(dialect, { where, limit: nodeIds.length });
}

/** The nodes with this ID, name, host name or device UUID. */
export function nodesNamed(dialect: Dialect, text: string, scope: Scope | undefined, limit: number): Sql {
  const isNamed = [
    sql`${nodeId} = ${text}`,
    sql`${textColumn('name')} = ${foldText(text)}`,
    sql`${textColumn('hostname')} <> '' AND ${textColumn('hostname')} = ${text}`,
    sql`${textColumn('uuid')} <> '' AND ${textColumn('uuid')} = ${text}`,
  ];
  return page(dialect, { where: allOf([anyOf(dialect, isNamed), inScope(dialect, scope)]), limit });
}

/** The nodes whose ID or device UUID begins so. */
export function nodesBeginning(dialect: Dialect, text: string, scope: Scope | undefined, limit: number): Sql {
  const begins = (column: Sql): Sql => sql`${column} >= ${text} AND ${column} < ${`${text}\u{10FFFF}`}`;
  const isNamed = [begins(nodeId), sql`${textColumn('uuid')} <> '' AND ${begins(textColumn('uuid'))}`];
  return page(dialect, { where: allOf([anyOf(dialect, isNamed), inScope(dialect, scope)]), limit });
}

/** How many nodes are selected, as `node_count`. */
export function fleetCount(dialect: Dialect, selector: Selector, viewer: Viewer, max: number): Sql {
  return sql`SELECT count(*) AS node_count FROM (SELECT 1 ${fromSelected(dialect, selector, viewer)} LIMIT ${max}) AS counted`;
}

/** How many of them have each `value`, as `node_count`. */
export function fleetCountBy(
  dialect: Dialect,
  field: CountField,
  selector: Selector,
  viewer: Viewer,
  limit: number,
): Sql {
  const value = isLabelField(field) ? labelValue(dialect, field.slice('label.'.length)) : textColumn(field);
  return sql`SELECT ${value} AS value, count(*) AS node_count ${fromSelected(dialect, selector, viewer)}
    GROUP BY 1 ORDER BY node_count DESC, value LIMIT ${limit}`;
}

/** The keys of labels as `value`, and how many nodes have each, as `node_count`. */
export function labelKeyCounts(dialect: Dialect, scope: Scope | undefined, limit: number): Sql {
  const everyNode = { terms: [] };
  const visible = sql`node_id IN (SELECT ${nodeId} ${fromSelected(dialect, everyNode, { nowMs: 0, scope })})`;
  return sql`SELECT key AS value, count(*) AS node_count FROM ${dialect.table('node_label')} WHERE ${scope ? visible : always}
    GROUP BY key ORDER BY key LIMIT ${limit}`;
}

/** The IDs of the nodes that are selected. */
export function selectedIds(dialect: Dialect, selector: Selector, viewer: Viewer, limit: number): Sql {
  return sql`SELECT ${nodeId} ${fromSelected(dialect, selector, viewer)} LIMIT ${limit}`;
}

/** Keeps the nodes that are selected as those of a job. */
export function frozenNodes(dialect: Dialect, jobId: string, selector: Selector, viewer: Viewer, limit: number): Sql {
  return sql`INSERT INTO ${dialect.table('bulk_node')} (job_id, node_id)
    SELECT ${jobId}, selected.node_id FROM (${selectedIds(dialect, selector, viewer, limit)}) AS selected`;
}

function fromSelected(dialect: Dialect, selector: Selector, viewer: Viewer): Sql {
  const where = selected(dialect, selector, viewer);
  return where === always ? sql`FROM ${facts(dialect)}` : sql`FROM ${dialect.searchedFacts} WHERE ${where}`;
}

/** The value of a label; empty, too, if a node does not have it. */
function labelValue({ position }: Dialect, key: string): Sql {
  const mark = labelMark(key);
  const rest = sql`substr(${labelText}, ${position(labelText, mark)} + ${mark.length})`;
  return sql`CASE ${position(labelText, mark)} WHEN 0 THEN '' ELSE substr(${rest}, 1, ${position(rest, '\n')} - 1) END`;
}

interface Page {
  /** The columns, the last of which is the node's ID. */
  order?: readonly [Sql, ...Sql[]];
  isDescending?: boolean;
  from?: Sql;
  where: Sql;
  limit: number;
}

/** First the IDs, by an index alone if it gives their order; then the rest of the rows, of the page only. */
function page(dialect: Dialect, { order = [nodeId], isDescending, from = facts(dialect), where, limit }: Page): Sql {
  const inOrder = (columns: readonly Sql[]): Sql => {
    const directed = isDescending ? columns.map((column) => sql`${column} DESC`) : columns;
    return joined(directed, ', ');
  };
  return sql`SELECT ${fleetRowColumns(dialect)}, page.sort_value FROM (
    SELECT ${nodeId} AS paged_id, ${order.length > 1 ? order[0] : sql`NULL`} AS sort_value FROM ${from} WHERE ${where} ORDER BY ${inOrder(order)} LIMIT ${limit}
  ) AS page JOIN ${facts(dialect)} ON ${nodeId} = page.paged_id
  ORDER BY ${inOrder([sql`page.sort_value`, sql`page.paged_id`].slice(-order.length))}`;
}

/** Each condition has an index of its own. */
function anyOf(dialect: Dialect, conditions: readonly Sql[]): Sql {
  const found = conditions.map((condition) => sql`SELECT ${nodeId} FROM ${facts(dialect)} WHERE ${condition}`);
  return sql`${nodeId} IN (${joined(found, ' UNION ')})`;
}

function facts({ table }: Dialect): Sql {
  return sql`${table('node_fact')} AS node_fact`;
}
