import { type AlertCourse, dueStep, withCondition } from '../alerts/alert-course.js';
import { alertKinds, type NodeAlertKind, nodeAlertKinds } from '../alerts/alert-kinds.js';
import { type AlertCondition, conditionsOf } from '../alerts/conditions-of.js';
import type { NodeChange } from '../events/fleet-event.js';
import type { Maintenance } from '../fleet-store/maintenance.js';
import type { SelectableNode } from '../selector/matches.js';
import { type KeptNodeAlert, nodeAlertId, onCourse, urgencyOf } from './kept-alert.js';
import { maintenanceOf } from './maintenance-of.js';

/** A node whose conditions have changed, or of which an alert is due. */
export interface NodeToJudge {
  node: SelectableNode;
  /** All that are kept of it. */
  alerts: readonly KeptNodeAlert[];
}

/** What becomes of the alerts of a node, as far as it does not depend on other nodes. */
export interface JudgedNode {
  nodeId: string;
  node: SelectableNode;
  /** Those that are kept, without `outage`. */
  alerts: KeptNodeAlert[];
  /** The one that it is offline, if that is to open now: by itself, or as part of a group's. */
  outage?: KeptNodeAlert;
  /** The groups whose alerts it is no longer part of. */
  leftGroupIds: string[];
  told: NodeChange[];
}

interface JudgeOptions {
  maintenances: readonly Maintenance[];
  groupLabel: string;
  nowMs: number;
}

export function judgeNode({ node, alerts }: NodeToJudge, options: JudgeOptions): JudgedNode {
  const judged: JudgedNode = { nodeId: node.facts.nodeId, node, alerts: [], leftGroupIds: [], told: [] };
  const conditions = new Map(conditionsOf(node).map((condition) => [condition.kind, condition]));
  const before = new Map(alerts.map((alert) => [alert.kind, alert]));
  for (const kind of nodeAlertKinds)
    judgeKind(judged, kind, { before: before.get(kind), ...options }, conditions.get(kind));
  return judged;
}

function judgeKind(
  judged: JudgedNode,
  kind: NodeAlertKind,
  { before, maintenances, groupLabel, nowMs }: JudgeOptions & { before: KeptNodeAlert | undefined },
  condition: AlertCondition | undefined,
): void {
  const isReleased = before?.dueAtMs !== undefined && before.dueAtMs <= nowMs;
  if (before?.groupId !== undefined) {
    if (condition && !isReleased) return void judged.alerts.push(before);
    judged.leftGroupIds.push(before.groupId);
  }
  const course = withCondition(before && ownCourse(before, isReleased, nowMs), condition, alertKinds[kind], nowMs);
  if (!course) return;
  const { nodeId, node } = judged;
  const alert = onCourse<KeptNodeAlert>({ id: nodeAlertId(kind, nodeId), kind, nodeId, course }, course, nowMs);
  const step = dueStep(course, nowMs);
  if (step === undefined) judged.alerts.push({ ...alert, ...heldBy(before) });
  if (step === 'closes' && course.openedAtMs !== undefined) {
    const details = { alert: kind, urgency: urgencyOf(alert), openedAtMs: course.openedAtMs };
    judged.told.push({ kind: 'alert-closed', details });
  }
  if (step !== 'opens') return;
  const maintenance = maintenanceOf(maintenances, node, nowMs);
  if (maintenance) {
    const held = onCourse(alert, { ...course, opensAtMs: maintenance.untilMs }, nowMs);
    judged.alerts.push({ ...held, maintenanceId: maintenance.id });
  } else if (kind === 'offline' && Object.hasOwn(node.labels, groupLabel)) judged.outage = alert;
  else openByItself(judged, alert, nowMs);
}

/** One that was part of a group's has not opened by itself; one whose maintenance is over opens at once. */
function ownCourse({ course, groupId, maintenanceId }: KeptNodeAlert, isReleased: boolean, nowMs: number): AlertCourse {
  if (groupId !== undefined) {
    const { openedAtMs: _asPart, ...own } = course;
    return own;
  }
  const isHeld = maintenanceId !== undefined && !isReleased;
  return maintenanceId === undefined || isHeld ? course : { ...course, opensAtMs: Math.min(course.opensAtMs, nowMs) };
}

function heldBy(before: KeptNodeAlert | undefined): Pick<KeptNodeAlert, 'maintenanceId'> {
  return before?.maintenanceId === undefined ? {} : { maintenanceId: before.maintenanceId };
}

/** Opens the alert of a node, and tells it. */
export function openByItself(judged: Pick<JudgedNode, 'alerts' | 'told'>, alert: KeptNodeAlert, nowMs: number): void {
  const { course, kind } = alert;
  judged.alerts.push(onCourse(alert, { ...course, openedAtMs: nowMs }, nowMs));
  const details = { alert: kind, urgency: urgencyOf(alert), sinceMs: course.sinceMs };
  judged.told.push({ kind: 'alert-opened', details });
}
