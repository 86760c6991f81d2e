import { groupsToRead, valuesWithoutAlert } from '../../alert-keeping/groups-to-read.js';
import {
  CANDIDATES_MAX,
  type GroupSources,
  judgeGroups,
  outageSinceMs,
  outageValues,
} from '../../alert-keeping/judge-groups.js';
import { judgeNode, type NodeToJudge } from '../../alert-keeping/judge-node.js';
import type { KeptGroupAlert } from '../../alert-keeping/kept-alert.js';
import type { FleetStore } from '../../fleet-store/fleet-store.js';
import { maintenancesInForce } from '../lists/alert-list.js';
import { sqliteDialect } from '../lists/dialect.js';
import { fleetNodeOf, fleetRowColumns, type FleetRow } from '../lists/fleet-rows.js';
import { statementOf } from '../lists/sql.js';
import { type AlertChanges, alertChanges } from '../records/alert-changes.js';
import {
  alertColumns,
  alertRowColumns,
  type AlertRow,
  alertsOfText,
  alertText,
  conditionsNow,
  keptAlertOf,
  nodeAlertOf,
} from '../records/alert-rows.js';
import { maintenanceOfRow, type MaintenanceRow } from '../records/maintenance-rows.js';
import type { Database } from './database.js';
import type { FleetDatabase } from './fleet-database.js';

/** Requests wait meanwhile. */
const JUDGED_AT_ONCE = 100;

export function createAlertKeeping({ prepare, read, write, tell }: FleetDatabase): FleetStore['keepAlerts'] {
  const statement = alertKeepingStatements(prepare);
  const inForce = statementOf(maintenancesInForce(sqliteDialect, 0), sqliteDialect.placeholder).text;
  const maintenances = prepare<MaintenanceRow>(inForce);

  const groupSources = ({ groupIds, values, judgedIds, groupLabel, nowMs }: Asked): GroupSources => {
    const groups = groupIds.flatMap((id) => {
      const row = statement.group.get(id);
      if (!row) return [];
      return [{ alert: keptAlertOf(row) as KeptGroupAlert, memberCount: row.member_count }];
    });
    const newValues = valuesWithoutAlert(values, groups, groupLabel);
    if (newValues.length === 0) return { groups, nodeCounts: new Map(), offlineCounts: new Map(), candidates: [] };
    const named = { label: groupLabel, of: JSON.stringify(newValues) };
    const others = { ...named, judged: JSON.stringify(judgedIds), since_ms: outageSinceMs(nowMs) };
    return {
      groups,
      nodeCounts: countsOf(statement.countNodes.all(named)),
      offlineCounts: countsOf(statement.countOffline.all(others)),
      candidates: statement.candidates
        .all({ ...others, limit: CANDIDATES_MAX })
        .map((row) => ({ value: row.value, alert: nodeAlertOf(row), open: alertsOfText(row.alerts) })),
    };
  };

  const keep = ({ saved, droppedIds, dissolvedIds, noted, joined, told }: AlertChanges, nowMs: number): void => {
    for (const id of droppedIds) statement.drop.run(id);
    for (const alert of saved) statement.save.run(alertColumns(alert));
    for (const id of dissolvedIds) statement.dissolve.run(nowMs, id);
    for (const { nodeId, open, urgencyRank } of noted) statement.note.run(alertText(open), urgencyRank, nodeId);
    for (const { nodeId, open, urgencyRank } of joined) statement.join.run(alertText(open), urgencyRank, nodeId);
    tell(told);
  };

  return async ({ nowMs, groupLabel, limit }) => {
    const isAnything = await read(() => (statement.isUnnoted.get() ?? statement.isDue.get(nowMs)) !== undefined);
    if (!isAnything) return { isMore: false };
    return write(() => {
      const max = Math.min(limit, JUDGED_AT_ONCE);
      const unnoted = statement.unnoted.all(max);
      const due = statement.due.all(nowMs, max);
      const nodeIds = new Set([...unnoted, ...due].flatMap(({ node_id }) => node_id ?? []));
      const toJudge = [...nodeIds].flatMap((nodeId): NodeToJudge[] => {
        const row = statement.node.get(nodeId);
        return row ? [{ node: fleetNodeOf(row), alerts: statement.alerts.all(nodeId).map(nodeAlertOf) }] : [];
      });
      const inForceNow = maintenances.all(nowMs, nowMs).map(maintenanceOfRow);
      const judged = toJudge.map((each) => judgeNode(each, { maintenances: inForceNow, groupLabel, nowMs }));
      const values = outageValues(judged, groupLabel);
      const dueIds = due.flatMap(({ id, node_id }) => (node_id === null ? [id] : []));
      const groupIds = groupsToRead(judged, { dueIds, values, groupLabel });
      const sources = groupSources({ groupIds, values, judgedIds: [...nodeIds], groupLabel, nowMs });
      const groups = judgeGroups(judged, sources, { groupLabel, nowMs });
      keep(alertChanges(toJudge, judged, groups, nowMs), nowMs);
      return { isMore: unnoted.length === max || due.length === max || groups.dissolved.length > 0 };
    });
  };
}

interface Asked {
  groupIds: readonly string[];
  values: readonly string[];
  judgedIds: readonly string[];
  groupLabel: string;
  nowMs: number;
}

interface CountRow {
  value: string;
  node_count: number;
}

function countsOf(rows: readonly CountRow[]): Map<string, number> {
  return new Map(rows.map(({ value, node_count }) => [value, node_count]));
}

export function alertKeepingStatements(prepare: Database['prepare']) {
  const columns = Object.keys(
    alertColumns({ id: '', kind: 'offline', nodeId: '', course: { sinceMs: 0, opensAtMs: 0 } }),
  );
  const updates = columns.slice(1).map((column) => `${column} = excluded.${column}`);
  const nodeColumns = statementOf(fleetRowColumns(sqliteDialect), sqliteDialect.placeholder).text;

  /** Other nodes of these values that went offline lately, and would have an alert of their own. */
  const outages = `
    FROM node_label JOIN alert ON alert.node_id = node_label.node_id JOIN node_fact ON node_fact.node_id = alert.node_id
    WHERE node_label.key = :label AND node_label.value IN (SELECT value FROM json_each(:of))
      AND alert.node_id NOT IN (SELECT value FROM json_each(:judged)) AND alert.kind = 'offline'
      AND alert.group_id IS NULL AND alert.maintenance_id IS NULL AND alert.since_ms >= :since_ms
      AND node_fact.state = 'offline'`;

  return {
    isUnnoted: prepare(`SELECT 1 FROM node_fact WHERE noted_conditions <> ${conditionsNow} LIMIT 1`),
    unnoted: prepare<{ node_id: string }>(
      `SELECT node_id FROM node_fact WHERE noted_conditions <> ${conditionsNow} LIMIT ?`,
    ),
    isDue: prepare('SELECT 1 FROM alert WHERE due_at_ms <= ? LIMIT 1'),
    due: prepare<{ id: string; node_id: string | null }>(
      'SELECT id, node_id FROM alert WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?',
    ),
    node: prepare<FleetRow>(`SELECT ${nodeColumns} FROM node_fact WHERE node_id = ?`),
    alerts: prepare<AlertRow>(`SELECT ${alertRowColumns} FROM alert WHERE node_id = ?`),
    group: prepare<AlertRow & { member_count: number }>(`
    SELECT ${alertRowColumns}, (SELECT count(*) FROM alert AS part WHERE part.group_id = alert.id) AS member_count
    FROM alert WHERE id = ?`),
    countNodes: prepare<CountRow>(`
    SELECT value, count(*) AS node_count FROM node_label
    WHERE key = :label AND value IN (SELECT value FROM json_each(:of)) GROUP BY value`),
    countOffline: prepare<CountRow>(
      `SELECT node_label.value, count(*) AS node_count ${outages} GROUP BY node_label.value`,
    ),
    candidates: prepare<AlertRow & { value: string; alerts: string }>(`
    SELECT value, record, due_at_ms, alerts FROM (
      SELECT node_label.value, alert.record, alert.due_at_ms, node_fact.alerts,
        row_number() OVER (PARTITION BY node_label.value ORDER BY alert.opened_at_ms IS NULL, alert.id) AS place
      ${outages}
    ) WHERE place <= :limit`),
    save: prepare(`
    INSERT INTO alert (${columns.join(', ')}) VALUES (${columns.map((column) => `:${column}`).join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`),
    drop: prepare('DELETE FROM alert WHERE id = ?'),
    dissolve: prepare('UPDATE alert SET due_at_ms = ? WHERE group_id = ?'),
    note: prepare(
      `UPDATE node_fact SET noted_conditions = ${conditionsNow}, alerts = ?, urgency = ? WHERE node_id = ?`,
    ),
    join: prepare('UPDATE node_fact SET alerts = ?, urgency = ? WHERE node_id = ?'),
  };
}
