import { dueStep, withCondition } from '../alerts/alert-course.js';
import { alertKinds, type NodeAlertKind } from '../alerts/alert-kinds.js';
import { isOutage, isOutageOver, OUTAGE_WITHIN_MS } from '../alerts/group-outage.js';
import type { FleetWideEventBody } from '../events/fleet-event.js';
import { type JudgedNode, openByItself } from './judge-node.js';
import { groupAlertId, type KeptGroupAlert, type KeptNodeAlert, onCourse, urgencyOf } from './kept-alert.js';

/** What a store reads of the groups that judged nodes are about. */
export interface GroupSources {
  /** Their alerts, as far as there are any, with how many nodes are part of each. */
  groups: readonly { alert: KeptGroupAlert; memberCount: number }[];
  /** By value of the label, how many nodes have it. */
  nodeCounts: ReadonlyMap<string, number>;
  /**
   * By value, how many other nodes with it are offline since `outageSinceMs`, without an alert of the group, and not in maintenance.
   * Of values whose group has no alert.
   */
  offlineCounts: ReadonlyMap<string, number>;
  /** Some of their alerts, those that are open first: `CANDIDATES_MAX` of each value, or all. */
  candidates: readonly OutageCandidate[];
}

/** More have not opened by themselves before their group has an alert. Those that have not opened join when they would. */
export const CANDIDATES_MAX = 10;

export interface OutageCandidate {
  value: string;
  alert: KeptNodeAlert;
  /** The kinds of its node's alerts that are open. */
  open: readonly NodeAlertKind[];
}

export interface JudgedGroups {
  alerts: KeptGroupAlert[];
  /** Groups whose alert has closed: each of their nodes that is still offline gets its own. */
  dissolved: string[];
  /** Alerts of nodes that were not judged, and are part of a group's from now on. */
  joined: OutageCandidate[];
  told: FleetWideEventBody[];
  /** Of alerts that had opened by themselves. */
  toldOfNodes: { nodeId: string; change: { kind: 'alert-closed'; details: GroupedTold } }[];
}

interface GroupedTold {
  alert: NodeAlertKind;
  urgency: ReturnType<typeof urgencyOf>;
  openedAtMs: number;
  isGrouped: true;
}

/** The values of the label whose groups are to be read, of nodes that were judged. */
export function outageValues(judged: readonly JudgedNode[], groupLabel: string): string[] {
  return [...new Set(judged.flatMap(({ outage, node }) => (outage ? [node.labels[groupLabel] ?? ''] : [])))];
}

/** Since when a candidate is offline at most: with those of before, it has nothing in common. */
export function outageSinceMs(nowMs: number): number {
  return nowMs - OUTAGE_WITHIN_MS;
}

/** Decides for each outage of a node whether it has its own alert, and which alerts of groups are over. */
export function judgeGroups(
  judged: readonly JudgedNode[],
  { groups, nodeCounts, offlineCounts, candidates }: GroupSources,
  { groupLabel, nowMs }: { groupLabel: string; nowMs: number },
): JudgedGroups {
  const outcome: JudgedGroups = { alerts: [], dissolved: [], joined: [], told: [], toldOfNodes: [] };
  const standing = new Map(groups.map(({ alert, memberCount }) => [alert.id, { alert, memberCount }]));
  for (const { leftGroupIds } of judged) {
    for (const groupId of leftGroupIds) {
      const group = standing.get(groupId);
      if (group) group.memberCount -= 1;
    }
  }
  for (const value of outageValues(judged, groupLabel)) {
    const waiting = judged.filter(({ outage, node }) => outage && node.labels[groupLabel] === value);
    const id = groupAlertId(groupLabel, value);
    const group = standing.get(id);
    if (group) {
      join(waiting, id, nowMs);
      group.memberCount += waiting.length;
      continue;
    }
    const others = candidates.filter(({ value: of, alert }) => of === value && isRecent(alert, nowMs));
    const recent = judged.filter((one) => {
      const alert = one.node.labels[groupLabel] === value ? offlineAlertOf(one) : undefined;
      return alert !== undefined && isRecent(alert, nowMs);
    });
    const offlineCount = recent.length + (offlineCounts.get(value) ?? 0);
    const isNew = recent.some(({ outage }) => outage !== undefined);
    if (isNew && isOutage({ offlineCount, nodeCount: nodeCounts.get(value) ?? 0 })) {
      const offline = [...recent.flatMap((one) => offlineAlertOf(one) ?? []), ...others.map(({ alert }) => alert)];
      const sinceMs = offline.reduce((first, { course }) => Math.min(first, course.sinceMs), nowMs);
      const course = { sinceMs, opensAtMs: nowMs, openedAtMs: nowMs };
      const base = { id, kind: 'group-offline', label: groupLabel, value, nodeCountMax: offlineCount, course } as const;
      outcome.told.push({ kind: 'alert-opened', details: { ...toldOf(base, offlineCount), sinceMs } });
      join(recent, id, nowMs);
      for (const alert of offline) tellGrouped(alert, outcome);
      for (const { open, alert } of others) outcome.joined.push({ value, open, alert: asPart(alert, id, nowMs) });
      // The others join as they would open.
      standing.set(id, { alert: base, memberCount: offlineCount });
    }
    for (const one of waiting) openOutage(one, nowMs);
  }
  for (const group of standing.values()) judgeGroup(group, { outcome, nowMs });
  return outcome;
}

/** Whether a node went offline so lately that others may have done so for the same reason. */
export function isRecent({ course, maintenanceId, groupId }: KeptNodeAlert, nowMs: number): boolean {
  const isStill = course.closesAtMs === undefined && maintenanceId === undefined && groupId === undefined;
  return isStill && course.sinceMs >= outageSinceMs(nowMs);
}

/** The one that opens now, or that is kept. */
function offlineAlertOf({ outage, alerts }: JudgedNode): KeptNodeAlert | undefined {
  return outage ?? alerts.find(({ kind }) => kind === 'offline');
}

function join(judged: readonly JudgedNode[], groupId: string, nowMs: number): void {
  for (const one of judged) {
    const alert = offlineAlertOf(one);
    if (!alert) continue;
    one.alerts = [...one.alerts.filter(({ kind }) => kind !== 'offline'), asPart(alert, groupId, nowMs)];
    delete one.outage;
  }
}

function openOutage(judged: JudgedNode, nowMs: number): void {
  if (!judged.outage) return;
  openByItself(judged, judged.outage, nowMs);
  delete judged.outage;
}

/** It counts as open, and nothing of it is due while it is part of a group's. */
function asPart(alert: KeptNodeAlert, groupId: string, nowMs: number): KeptNodeAlert {
  const { dueAtMs: _own, ...rest } = alert;
  return { ...rest, course: { openedAtMs: nowMs, ...alert.course }, groupId };
}

/** An alert that has opened by itself closes. */
function tellGrouped({ kind, nodeId, course }: KeptNodeAlert, { toldOfNodes }: JudgedGroups): void {
  const { openedAtMs } = course;
  if (openedAtMs === undefined) return;
  const details = { alert: kind, urgency: urgencyOf({ kind }), openedAtMs, isGrouped: true } as const;
  toldOfNodes.push({ nodeId, change: { kind: 'alert-closed', details } });
}

interface Group {
  alert: KeptGroupAlert;
  memberCount: number;
}

function judgeGroup({ alert, memberCount }: Group, { outcome, nowMs }: { outcome: JudgedGroups; nowMs: number }): void {
  const nodeCountMax = Math.max(alert.nodeCountMax, memberCount);
  const condition = isOutageOver(memberCount, nodeCountMax) ? undefined : {};
  const course = withCondition(alert.course, condition, alertKinds['group-offline'], nowMs);
  if (course && dueStep(course, nowMs) === undefined) {
    outcome.alerts.push(onCourse({ ...alert, nodeCountMax }, course, nowMs));
    return;
  }
  const { openedAtMs = nowMs } = alert.course;
  outcome.dissolved.push(alert.id);
  outcome.told.push({ kind: 'alert-closed', details: { ...toldOf(alert, nodeCountMax), openedAtMs } });
}

function toldOf(alert: Pick<KeptGroupAlert, 'kind' | 'label' | 'value'>, nodeCount: number) {
  const { kind, label, value } = alert;
  return { alert: kind, urgency: urgencyOf(alert), label, value, nodeCount };
}
