import { shownName } from '../../facts/node-facts.js';
import { maintenanceOf } from '../../alert-keeping/maintenance-of.js';
import { isGroupAlert, type KeptAlert } from '../../alert-keeping/kept-alert.js';
import type { Alert, AlertSnooze } from '../../fleet-store/alert.js';
import type { FleetNode } from '../../fleet-store/fleet-node.js';
import type { Maintenance } from '../../fleet-store/maintenance.js';
import { formatSelector } from '../../selector/format-selector.js';
import { shownAlert } from './alert-rows.js';

/** What an alert is read from. */
export interface AlertSources {
  alert: KeptAlert;
  snooze: AlertSnooze | undefined;
  /** The node that it is about. */
  node?: FleetNode | undefined;
  /** How many nodes of its group are offline, in the caller's scope. */
  nodeCount: number;
}

/** An alert as operators see it. */
export function alertOf(
  { alert, snooze, node, nodeCount }: AlertSources,
  { maintenances, nowMs }: { maintenances: readonly Maintenance[]; nowMs: number },
): Alert {
  const shown = shownAlert(alert, snooze, nowMs);
  if (isGroupAlert(alert)) {
    const { label, value } = alert;
    const selector = formatSelector({
      terms: [
        { field: 'alert', anyOf: ['offline'], isNot: false },
        { field: 'label', key: label, anyOf: value === '' ? [] : [value], isNot: false },
      ],
    });
    return { ...shown, group: { label, value, nodeCount, selector } };
  }
  if (!node) return shown;
  const { facts, labels } = node;
  const name = shownName(facts);
  const untilMs = maintenanceOf(maintenances, node, nowMs)?.untilMs;
  return {
    ...shown,
    node: { nodeId: facts.nodeId, ...(name !== undefined && { shownName: name }), labels },
    ...(untilMs !== undefined && { maintenanceUntilMs: untilMs }),
  };
}
