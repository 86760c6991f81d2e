import { type AlertCourse, nextStepAtMs } from '../alerts/alert-course.js';
import { type AlertKind, alertKinds, type NodeAlertKind } from '../alerts/alert-kinds.js';

/** An alert as a store keeps it, also while it has not opened; without its snooze. */
export type KeptAlert = KeptNodeAlert | KeptGroupAlert;

export interface KeptNodeAlert extends AlertBase {
  kind: NodeAlertKind;
  nodeId: string;
  /** The alert of a group that it is part of: it is not shown by itself, and nothing is told of it. */
  groupId?: string;
  /** It does not open before this maintenance is over. */
  maintenanceId?: string;
}

export interface KeptGroupAlert extends AlertBase {
  kind: Exclude<AlertKind, NodeAlertKind>;
  label: string;
  value: string;
  /** How many of its nodes were offline at most. */
  nodeCountMax: number;
}

interface AlertBase {
  id: string;
  course: AlertCourse;
  /** When it is to be looked at, whatever becomes of its condition. */
  dueAtMs?: number;
}

/** How soon the alert of a group is looked at again: its last nodes may have been forgotten. */
const LOOK_AGAIN_MS = 600_000;

export function isGroupAlert(alert: KeptAlert): alert is KeptGroupAlert {
  return 'label' in alert;
}

export function nodeAlertId(kind: NodeAlertKind, nodeId: string): string {
  return `${kind}:${nodeId}`;
}

export function groupAlertId(label: string, value: string): string {
  return `group-offline:${label}=${value}`;
}

/** The alert with another course, to be looked at when something of that is due. */
export function onCourse<Kept extends KeptAlert>(alert: Kept, course: AlertCourse, nowMs: number): Kept {
  const { dueAtMs: _before, ...rest } = alert;
  const dueAtMs = nextStepAtMs(course) ?? (isGroupAlert(alert) ? nowMs + LOOK_AGAIN_MS : undefined);
  return { ...rest, course, ...(dueAtMs !== undefined && { dueAtMs }) } as Kept;
}

export function urgencyOf({ kind }: Pick<KeptAlert, 'kind'>) {
  return alertKinds[kind].urgency;
}
