import { type AlertCount, alertKinds } from '@serve.zone/baseos-cloudly-handlers';
import { Gauge, type Registry } from 'prom-client';
import { within } from '../time/within.js';
import { STORE_TIMEOUT_MS } from './count-nodes.js';

export interface CountAlertsOptions {
  countAlerts: () => Promise<readonly AlertCount[]>;
}

/** Tells at each reading how many alerts are open. */
export function countAlerts(registry: Registry, options: CountAlertsOptions): void {
  const alerts = new Gauge({
    name: 'cloudly_alerts',
    help: 'Alerts that are open, by kind. One of a group of nodes counts once.',
    labelNames: ['kind', 'urgency', 'snoozed'],
    registers: [registry],
    async collect() {
      const counting = options.countAlerts().catch(() => undefined);
      const counts = await within(STORE_TIMEOUT_MS, counting, undefined);
      // What was true before is no answer to how it is now.
      alerts.reset();
      if (!counts) return;
      for (const [kind, { urgency }] of Object.entries(alertKinds)) {
        const { count = 0, snoozedCount = 0 } = counts.find((each) => each.kind === kind) ?? {};
        alerts.set({ kind, urgency, snoozed: 'no' }, count - snoozedCount);
        alerts.set({ kind, urgency, snoozed: 'yes' }, snoozedCount);
      }
    },
  });
}
