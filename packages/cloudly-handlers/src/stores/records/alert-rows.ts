import { type AlertKind, alertKinds, type NodeAlertKind, urgencyRank } from '../../alerts/alert-kinds.js';
import { isGroupAlert, type KeptAlert, type KeptNodeAlert } from '../../alert-keeping/kept-alert.js';
import type { Alert, AlertSnooze } from '../../fleet-store/alert.js';

/** The conditions of a node in a row of `node_fact`, as they are compared with those that alerts were last judged by. */
export const conditionsNow = "conditions || CASE state WHEN 'offline' THEN '/offline' ELSE '' END";

export interface AlertRow {
  record: string;
  due_at_ms: number | null;
}

/** The columns of an {@link AlertRow}. */
export const alertRowColumns = 'record, due_at_ms';

/** Values by column, in the order in which both dialects insert them; without the snooze, which is not theirs. */
export function alertColumns(alert: KeptAlert) {
  const { dueAtMs, ...record } = alert;
  const part: Partial<KeptNodeAlert> = isGroupAlert(alert) ? {} : alert;
  return {
    id: alert.id,
    kind: alert.kind as string,
    node_id: part.nodeId ?? null,
    urgency_rank: rankOf(alert.kind),
    since_ms: alert.course.sinceMs,
    opened_at_ms: alert.course.openedAtMs ?? null,
    due_at_ms: dueAtMs ?? null,
    group_id: part.groupId ?? null,
    maintenance_id: part.maintenanceId ?? null,
    record: JSON.stringify(record),
  };
}

export function keptAlertOf({ record, due_at_ms }: AlertRow): KeptAlert {
  return { ...(JSON.parse(record) as KeptAlert), ...(due_at_ms !== null && { dueAtMs: due_at_ms }) };
}

/** Of a row with a node. */
export function nodeAlertOf(row: AlertRow): KeptNodeAlert {
  return keptAlertOf(row) as KeptNodeAlert;
}

export function rankOf(kind: AlertKind): number {
  return urgencyRank(alertKinds[kind].urgency);
}

/** What both an alert of a node and one of a group show; a snooze that is over is none. */
export function shownAlert(alert: KeptAlert, snooze: AlertSnooze | undefined, nowMs: number): Alert {
  const { id, kind, course } = alert;
  const { sinceMs, openedAtMs = sinceMs, closesAtMs } = course;
  return {
    id,
    kind,
    urgency: alertKinds[kind].urgency,
    sinceMs,
    openedAtMs,
    ...(closesAtMs !== undefined && { closesAtMs }),
    ...(snooze && snooze.untilMs > nowMs && { snooze }),
  };
}

/** Kinds of alerts as one text to search in, each on a line; empty if there are none. */
export function alertText(kinds: readonly NodeAlertKind[]): string {
  return kinds.length === 0 ? '' : `\n${kinds.join('\n')}\n`;
}

export function alertsOfText(text: string): NodeAlertKind[] {
  return text.split('\n').filter((line) => line !== '') as NodeAlertKind[];
}

/** What the text has if the node has such an alert. */
export function alertMark(kind: NodeAlertKind): string {
  return alertText([kind]);
}
