import type { FleetWideEventBody, NodeChange, WrittenEvent } from '../../events/fleet-event.js';
import { isGroupAlert, type KeptAlert, urgencyOf } from '../../alert-keeping/kept-alert.js';
import type { AlertSnooze } from '../../fleet-store/alert.js';
import { type Behalf, writtenEvent } from './behalf.js';

/** What is told of an alert that is snoozed, or no longer: nothing of one that was not. */
export function eventsOfSnooze(
  behalf: Behalf,
  alert: KeptAlert,
  { before, after, nodeCount }: { before: AlertSnooze | undefined; after: AlertSnooze | undefined; nodeCount: number },
): WrittenEvent[] {
  if (!after && !before) return [];
  const urgency = urgencyOf(alert);
  const until = after && { untilMs: after.untilMs, ...(after.note !== undefined && { note: after.note }) };
  if (isGroupAlert(alert)) {
    const { kind, label, value } = alert;
    const told = { alert: kind, urgency, label, value, nodeCount };
    const body: FleetWideEventBody = until
      ? { kind: 'alert-snoozed', details: { ...told, ...until } }
      : { kind: 'alert-unsnoozed', details: told };
    return [writtenEvent(behalf, body)];
  }
  const told = { alert: alert.kind, urgency };
  const change: NodeChange = until
    ? { kind: 'alert-snoozed', details: { ...told, ...until } }
    : { kind: 'alert-unsnoozed', details: told };
  return [writtenEvent(behalf, { nodeId: alert.nodeId, ...change })];
}
