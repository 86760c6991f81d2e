import type { Maintenance, ShownAlert } from '@serve.zone/baseos-cloudly-handlers';
import { formatScope } from '@serve.zone/baseos-cloudly-handlers';
import { instant } from '../time/instant.js';

/** An alert as an operator's program may see it: with instants in RFC 3339. */
export function viewAlert(alert: ShownAlert): Record<string, unknown> {
  const { sinceMs, openedAtMs, closesAtMs, snooze, maintenanceUntilMs, ...rest } = alert;
  return {
    ...rest,
    since: instant(sinceMs),
    openedAt: instant(openedAtMs),
    closesAt: closesAtMs && instant(closesAtMs),
    snooze: snooze && { until: instant(snooze.untilMs), note: snooze.note, by: snooze.by, at: instant(snooze.atMs) },
    maintenanceUntil: maintenanceUntilMs && instant(maintenanceUntilMs),
  };
}

export function viewMaintenance(maintenance: Maintenance): Record<string, unknown> {
  const { fromMs, untilMs, createdAtMs, endedAtMs, scope, ...rest } = maintenance;
  return {
    ...rest,
    from: instant(fromMs),
    until: instant(untilMs),
    createdAt: instant(createdAtMs),
    endedAt: endedAtMs && instant(endedAtMs),
    scope: scope && formatScope(scope),
  };
}
