import { urgencyRank } from '../../alerts/alert-kinds.js';
import type { AlertCursor, StoreAlertFilter } from '../../fleet-store/alert.js';
import { maintenanceRowColumns } from '../records/maintenance-rows.js';
import { allOf, always, inScope, selected, type Viewer } from './condition.js';
import type { Dialect } from './dialect.js';
import { raw, type Sql, sql, valueList } from './sql.js';

export interface AlertSelection {
  filter: StoreAlertFilter;
  /** This one alone. */
  alertId?: string;
  after?: AlertCursor | undefined;
  limit: number;
}

/** A page of the alerts that are open, the most urgent first, of these the newest, with how many nodes of a group are in scope. */
export function alertPage(dialect: Dialect, { filter, alertId, after, limit }: AlertSelection, viewer: Viewer): Sql {
  const conditions = [isListed(dialect, filter, viewer, alertId)];
  if (after) {
    const place = valueList([after.rank, after.sinceMs, after.id]);
    conditions.push(sql`(alert.urgency_rank, alert.since_ms, alert.id) < (${place})`);
  }
  const members = ofMembers(dialect, inScope(dialect, viewer.scope));
  return sql`SELECT alert.id, alert.urgency_rank, alert.since_ms, alert.record, alert.due_at_ms, alert.snooze, alert.node_id,
      CASE WHEN alert.node_id IS NULL THEN (SELECT count(*) ${members}) ELSE 0 END AS node_count
    FROM ${alerts(dialect)} WHERE ${allOf(conditions)}
    ORDER BY alert.urgency_rank DESC, alert.since_ms DESC, alert.id DESC LIMIT ${limit}`;
}

/** How many alerts that are open there are of each `kind`, as `alert_count`, and of these snoozed ones, as `snoozed_count`. */
export function alertCounts(dialect: Dialect, filter: StoreAlertFilter, viewer: Viewer): Sql {
  return sql`SELECT alert.kind, count(*) AS alert_count,
      count(CASE WHEN ${isSnoozed(viewer)} THEN 1 END) AS snoozed_count
    FROM ${alerts(dialect)} WHERE ${isListed(dialect, filter, viewer)} GROUP BY alert.kind ORDER BY alert.kind`;
}

/** Those that hold alerts back at this time. */
export function maintenancesInForce({ table }: Dialect, nowMs: number): Sql {
  return sql`SELECT ${raw(maintenanceRowColumns)} FROM ${table('maintenance')}
    WHERE until_ms > ${nowMs} AND from_ms <= ${nowMs} AND ended_at_ms IS NULL`;
}

interface MaintenanceSelection {
  /** Of this actor alone. */
  actor: string | undefined;
  /** Those that are not over at this time. */
  openAtMs: number | undefined;
  limit: number;
}

/** Those that begin last come first. */
export function openMaintenances({ table }: Dialect, { actor, openAtMs, limit }: MaintenanceSelection): Sql {
  const where = allOf([
    actor === undefined ? always : sql`actor = ${actor}`,
    openAtMs === undefined ? always : sql`until_ms > ${openAtMs} AND ended_at_ms IS NULL`,
  ]);
  return sql`SELECT ${raw(maintenanceRowColumns)} FROM ${table('maintenance')} WHERE ${where}
    ORDER BY from_ms DESC, id LIMIT ${limit}`;
}

function isListed(dialect: Dialect, filter: StoreAlertFilter, viewer: Viewer, alertId?: string): Sql {
  const { kinds, urgencies, isSnoozed: snoozed, selector = { terms: [] }, nodeId } = filter;
  const isVisible = selected(dialect, selector, viewer);
  return allOf([
    sql`alert.opened_at_ms IS NOT NULL`,
    // Those of one node are also listed if they are part of a group's.
    nodeId === undefined && alertId === undefined ? sql`alert.group_id IS NULL` : always,
    nodeId === undefined ? always : sql`alert.node_id = ${nodeId}`,
    alertId === undefined ? always : sql`alert.id = ${alertId}`,
    kinds ? isOneOf(sql`alert.kind`, kinds) : always,
    urgencies ? isOneOf(sql`alert.urgency_rank`, urgencies.map(urgencyRank)) : always,
    snoozed === undefined ? always : sql`${snoozed ? sql`` : sql`NOT `}(${isSnoozed(viewer)})`,
    isVisible === always ? always : isAboutNode(dialect, isVisible),
  ]);
}

function isSnoozed({ nowMs }: Viewer): Sql {
  return sql`alert.snoozed_until_ms > ${nowMs}`;
}

/**
 * About a node with this condition, or about a group with such a node. Looked up alert by alert, because PostgreSQL joins no
 * subquery with an OFFSET.
 */
function isAboutNode(dialect: Dialect, condition: Sql): Sql {
  const facts = dialect.table('node_fact');
  return sql`CASE WHEN alert.node_id IS NULL THEN EXISTS (SELECT 1 ${ofMembers(dialect, condition)} LIMIT 1 OFFSET 0)
    ELSE EXISTS (SELECT 1 FROM ${facts} AS node_fact WHERE node_fact.node_id = alert.node_id AND ${condition} LIMIT 1 OFFSET 0) END`;
}

/** The nodes of an alert of a group that meet a condition. */
function ofMembers({ table }: Dialect, condition: Sql): Sql {
  return sql`FROM ${table('alert')} AS part JOIN ${table('node_fact')} AS node_fact ON node_fact.node_id = part.node_id
    WHERE part.group_id = alert.id AND ${condition}`;
}

function isOneOf(column: Sql, values: readonly (string | number)[]): Sql {
  return values.length === 0 ? sql`1 = 0` : sql`${column} IN (${valueList(values)})`;
}

function alerts({ table }: Dialect): Sql {
  return sql`${table('alert')} AS alert`;
}
