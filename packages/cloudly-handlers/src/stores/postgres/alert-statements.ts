import { postgresDialect } from '../lists/dialect.js';
import { fleetRowColumns } from '../lists/fleet-rows.js';
import { statementOf } from '../lists/sql.js';
import { alertRowColumns, conditionsNow } from '../records/alert-rows.js';
import { maintenanceRowColumns } from '../records/maintenance-rows.js';
import { inScope } from './in-scope.js';
import { statements } from './statement.js';

/**
 * Whoever keeps alerts locks the row of `alert_keeper` first, and then rows of `presence`, without waiting for one. Nobody else
 * changes what is in an alert but its snooze, and when it is due.
 */
export function alertKeepingStatements(schema: string) {
  const dialect = postgresDialect(schema);
  const nodeColumns = statementOf(fleetRowColumns(dialect), dialect.placeholder).text;
  const columns = [
    ['id', 'text'],
    ['kind', 'text'],
    ['node_id', 'text'],
    ['urgency_rank', 'integer'],
    ['since_ms', 'bigint'],
    ['opened_at_ms', 'bigint'],
    ['due_at_ms', 'bigint'],
    ['group_id', 'text'],
    ['maintenance_id', 'text'],
    ['record', 'text'],
  ] as const;
  const names = columns.map(([name]) => name);
  const updates = names.slice(1).map((name) => `${name} = excluded.${name}`);
  const arrays = columns.map(([, type], index) => `$${index + 1}::${type}[]`);

  /** Other nodes of these values that went offline lately, and would have an alert of their own. */
  const outages = `
      FROM ${schema}.node_label AS label
      JOIN ${schema}.alert AS alert ON alert.node_id = label.node_id
      JOIN ${schema}.node_fact AS fact ON fact.node_id = label.node_id
      WHERE label.key = $1 AND label.value = ANY ($2::text[]) AND label.node_id <> ALL ($3::text[])
        AND alert.kind = 'offline' AND alert.group_id IS NULL AND alert.maintenance_id IS NULL
        AND alert.since_ms >= $4 AND fact.state = 'offline'`;

  return statements('alert', {
    isAnything: `
      SELECT EXISTS (SELECT FROM ${schema}.node_fact WHERE is_unnoted)
        OR EXISTS (SELECT FROM ${schema}.alert WHERE due_at_ms <= $1) AS is_anything`,
    begin: `SELECT only_row FROM ${schema}.alert_keeper FOR UPDATE SKIP LOCKED`,
    unnoted: `SELECT node_id FROM ${schema}.node_fact WHERE is_unnoted LIMIT $1`,
    due: `SELECT id, node_id FROM ${schema}.alert WHERE due_at_ms <= $1 ORDER BY due_at_ms LIMIT $2`,
    lock: `SELECT node_id FROM ${schema}.presence WHERE node_id = ANY ($1::text[]) FOR NO KEY UPDATE SKIP LOCKED`,
    nodes: `SELECT ${nodeColumns} FROM ${schema}.node_fact WHERE node_id = ANY ($1::text[])`,
    alerts: `SELECT node_id, ${alertRowColumns} FROM ${schema}.alert WHERE node_id = ANY ($1::text[])`,
    maintenances: `
      SELECT ${maintenanceRowColumns} FROM ${schema}.maintenance
      WHERE until_ms > $1 AND from_ms <= $1 AND ended_at_ms IS NULL`,
    groups: `
      SELECT ${alertRowColumns}, (
        SELECT count(*) FROM ${schema}.alert AS part WHERE part.group_id = alert.id
      ) AS member_count
      FROM ${schema}.alert WHERE id = ANY ($1::text[])`,
    countNodes: `
      SELECT value, count(*) AS node_count FROM ${schema}.node_label
      WHERE key = $1 AND value = ANY ($2::text[]) GROUP BY value`,
    countOffline: `SELECT label.value, count(*) AS node_count ${outages} GROUP BY label.value`,
    candidates: `
      SELECT value, node_id, record, due_at_ms, alerts FROM (
        SELECT label.value, alert.node_id, alert.record, alert.due_at_ms, fact.alerts,
          row_number() OVER (PARTITION BY label.value ORDER BY alert.opened_at_ms IS NULL, alert.id) AS place
        ${outages}
      ) AS placed
      WHERE place <= $5`,
    save: `
      INSERT INTO ${schema}.alert (${names.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})
      ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`,
    drop: `DELETE FROM ${schema}.alert WHERE id = ANY ($1::text[])`,
    dissolve: `UPDATE ${schema}.alert SET due_at_ms = $2 WHERE group_id = ANY ($1::text[])`,
    note: `
      UPDATE ${schema}.node_fact AS fact SET
        noted_conditions = ${conditionsNow}, alerts = new.open_alerts, urgency = new.urgency
      FROM unnest($1::text[], $2::text[], $3::integer[]) AS new (node_id, open_alerts, urgency)
      WHERE fact.node_id = new.node_id`,
    join: `
      UPDATE ${schema}.node_fact AS fact SET alerts = new.open_alerts, urgency = new.urgency
      FROM unnest($1::text[], $2::text[], $3::integer[]) AS new (node_id, open_alerts, urgency)
      WHERE fact.node_id = new.node_id`,
  });
}

/** What operators change. */
export function alertStatements(schema: string) {
  return statements('alerted', {
    lock: `
      SELECT ${alertRowColumns}, snooze, snoozed_until_ms FROM ${schema}.alert
      WHERE id = $1 AND opened_at_ms IS NOT NULL FOR UPDATE`,
    nodes: `
      SELECT ${inScope(schema, 'part.node_id', '$2')} AS is_visible FROM ${schema}.alert AS part
      WHERE part.group_id = $1 OR part.id = $1 AND part.node_id IS NOT NULL`,
    snooze: `UPDATE ${schema}.alert SET snoozed_until_ms = $2, snooze = $3 WHERE id = $1`,
    waitForKeeper: `SELECT only_row FROM ${schema}.alert_keeper FOR UPDATE`,
    find: `SELECT ${maintenanceRowColumns} FROM ${schema}.maintenance WHERE id = $1`,
    lockMaintenance: `SELECT ${maintenanceRowColumns} FROM ${schema}.maintenance WHERE id = $1 FOR UPDATE`,
    add: `
      INSERT INTO ${schema}.maintenance (id, actor, from_ms, until_ms, ended_at_ms, record)
      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING RETURNING id`,
    end: `UPDATE ${schema}.maintenance SET ended_at_ms = $2 WHERE id = $1`,
    release: `UPDATE ${schema}.alert SET due_at_ms = $2 WHERE maintenance_id = $1`,
  });
}
