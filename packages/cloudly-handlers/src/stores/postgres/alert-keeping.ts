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
import type { AlertsKept, FleetStore, KeepAlerts } from '../../fleet-store/fleet-store.js';
import { fleetNodeOf, type FleetRow } from '../lists/fleet-rows.js';
import { type AlertChanges, alertChanges, type NotedNode } from '../records/alert-changes.js';
import {
  alertColumns,
  type AlertRow,
  alertsOfText,
  alertText,
  keptAlertOf,
  nodeAlertOf,
} from '../records/alert-rows.js';
import { maintenanceOfRow, type MaintenanceRow } from '../records/maintenance-rows.js';
import { alertKeepingStatements } from './alert-statements.js';
import { saveRows } from './save-rows.js';
import type { Telling, TellingQueries } from './telling.js';

/** So many nodes are locked at once: their reports wait as long. */
const JUDGED_AT_ONCE = 200;

interface DueRow {
  id: string;
  node_id: string | null;
}

/** One process at a time keeps alerts; another one that comes meanwhile leaves it to that. It waits for no lock of a node. */
export function createAlertKeeping({ query, laggingTransaction }: Telling, schema: string): FleetStore['keepAlerts'] {
  const statement = alertKeepingStatements(schema);

  /** Resolves with the nodes that could be locked. */
  const lockNodes = async (queries: TellingQueries, nodeIds: readonly string[]): Promise<ReadonlySet<string>> => {
    if (nodeIds.length === 0) return new Set();
    const locked = await queries.query<{ node_id: string }>(statement.lock, [nodeIds]);
    return new Set(locked.map(({ node_id }) => node_id));
  };

  /** Of those that could be locked. */
  const readNodes = async (queries: TellingQueries, nodeIds: readonly string[]): Promise<NodeToJudge[]> => {
    if (nodeIds.length === 0) return [];
    const lockedIds = [[...(await lockNodes(queries, nodeIds))]];
    const rows = await queries.query<FleetRow>(statement.nodes, lockedIds);
    const alerts = await queries.query<AlertRow & { node_id: string }>(statement.alerts, lockedIds);
    return rows.map((row) => ({
      node: fleetNodeOf(row),
      alerts: alerts.filter(({ node_id }) => node_id === row.node_id).map(nodeAlertOf),
    }));
  };

  const readGroups = async (
    queries: TellingQueries,
    { groupIds, values, judgedIds, groupLabel, nowMs }: Asked,
  ): Promise<GroupSources> => {
    const rows =
      groupIds.length > 0 ? await queries.query<AlertRow & { member_count: number }>(statement.groups, [groupIds]) : [];
    const groups = rows.map((row) => ({ alert: keptAlertOf(row) as KeptGroupAlert, memberCount: row.member_count }));
    const newValues = valuesWithoutAlert(values, groups, groupLabel);
    if (newValues.length === 0) return { groups, nodeCounts: new Map(), offlineCounts: new Map(), candidates: [] };
    const named = [groupLabel, newValues];
    const others = [...named, judgedIds, outageSinceMs(nowMs)];
    const nodeCounts = await queries.query<CountRow>(statement.countNodes, named);
    const offlineCounts = await queries.query<CountRow>(statement.countOffline, others);
    const candidates = await queries.query<CandidateRow>(statement.candidates, [...others, CANDIDATES_MAX]);
    // What a node has is written under its lock. One that another transaction has locked joins when its own alert would open.
    const lockedIds = await lockNodes(
      queries,
      candidates.map(({ node_id }) => node_id),
    );
    return {
      groups,
      nodeCounts: countsOf(nodeCounts),
      offlineCounts: countsOf(offlineCounts),
      candidates: candidates.flatMap((row) =>
        lockedIds.has(row.node_id)
          ? [{ value: row.value, alert: nodeAlertOf(row), open: alertsOfText(row.alerts) }]
          : [],
      ),
    };
  };

  const keep = async (queries: TellingQueries, changes: AlertChanges, nowMs: number): Promise<void> => {
    const { saved, droppedIds, dissolvedIds, noted, joined, told } = changes;
    if (droppedIds.length > 0) await queries.query(statement.drop, [droppedIds]);
    await saveRows(queries, statement.save, saved.map(alertColumns));
    if (dissolvedIds.length > 0) await queries.query(statement.dissolve, [dissolvedIds, nowMs]);
    await saveRows(queries, statement.note, noted.map(notedColumns));
    await saveRows(queries, statement.join, joined.map(notedColumns));
    queries.tell(told);
  };

  const keepSome = async (queries: TellingQueries, { nowMs, groupLabel, limit }: KeepAlerts): Promise<AlertsKept> => {
    const [keeper] = await queries.query(statement.begin);
    if (!keeper) return { isMore: false };
    const max = Math.min(limit, JUDGED_AT_ONCE);
    const unnoted = await queries.query<{ node_id: string }>(statement.unnoted, [max]);
    const due = await queries.query<DueRow>(statement.due, [nowMs, max]);
    const nodeIds = new Set([...unnoted, ...due].flatMap(({ node_id }) => node_id ?? []));
    const toJudge = await readNodes(queries, [...nodeIds]);
    const inForce = await queries.query<MaintenanceRow>(statement.maintenances, [nowMs]);
    const maintenances = inForce.map(maintenanceOfRow);
    const judged = toJudge.map((each) => judgeNode(each, { maintenances, groupLabel, nowMs }));
    const values = outageValues(judged, groupLabel);
    const dueIds = due.flatMap(({ id, node_id }) => (node_id === null ? [id] : []));
    const groupIds = groupsToRead(judged, { dueIds, values, groupLabel });
    const sources = await readGroups(queries, { groupIds, values, judgedIds: [...nodeIds], groupLabel, nowMs });
    const groups = judgeGroups(judged, sources, { groupLabel, nowMs });
    await keep(queries, alertChanges(toJudge, judged, groups, nowMs), nowMs);
    return { isMore: unnoted.length === max || due.length === max || groups.dissolved.length > 0 };
  };

  return async (asked) => {
    const [found] = await query<{ is_anything: boolean }>(statement.isAnything, [asked.nowMs]);
    if (!found?.is_anything) return { isMore: false };
    return laggingTransaction((queries) => keepSome(queries, asked));
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

interface CandidateRow extends AlertRow {
  node_id: string;
  value: string;
  alerts: string;
}

function countsOf(rows: readonly CountRow[]): Map<string, number> {
  return new Map(rows.map(({ value, node_count }) => [value, node_count]));
}

function notedColumns({ nodeId, open, urgencyRank }: NotedNode) {
  return { nodeId, open: alertText(open), urgencyRank };
}
