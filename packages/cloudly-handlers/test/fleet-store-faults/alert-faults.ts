import type { FleetEvent } from '../../src/events/fleet-event.js';
import type { Alert } from '../../src/fleet-store/alert.js';
import type { OperatorStore } from '../../src/fleet-store/fleet-store.js';
import { type Faults, type OperatorFault, perStore, showing, unscoped } from './fault.js';

export const alertFaults: Faults = {
  'shows alerts that are about to close as others': {
    breaks: ['opens an alert once'],
    operator: listing(({ closesAtMs: _gone, ...alert }) => alert),
  },
  'has an alert of everything at once': {
    breaks: ['opens no alert for', 'keeps an alert open while'],
    store: (store) => ({
      async keepAlerts(keep) {
        await store.keepAlerts(keep);
        return store.keepAlerts({ ...keep, nowMs: keep.nowMs + 24 * 3_600_000 });
      },
    }),
  },
  'forgets what alerts a node has': {
    breaks: ['has alerts by what', 'selects and sorts nodes by their alerts'],
    operator: (operator, by, store) => ({
      ...showing((node) => ({ ...node, alerts: [] }))(operator, by, store),
      countFleet: async ({ selector, max }) =>
        selector.terms.some(({ field }) => field === 'alert') ? 0 : operator.countFleet({ selector, max }),
    }),
  },
  'closes alerts when their nodes change alone': {
    breaks: ['closes the alert of a crash loop'],
    store: (store) => {
      let firstMs: number | undefined;
      return { keepAlerts: (keep) => store.keepAlerts({ ...keep, nowMs: (firstMs ??= keep.nowMs) }) };
    },
  },
  'keeps alerts of nodes that are gone': {
    breaks: ['has no alert of a node that is revoked'],
    operator: withLostAlerts(),
  },
  'knows no groups': {
    breaks: [
      'makes one alert of nodes',
      'ends the alert of a group',
      'takes alerts that have opened',
      'shows alerts in scope',
    ],
    store: (store) => ({ keepAlerts: (keep) => store.keepAlerts({ ...keep, groupLabel: 'none' }) }),
  },
  'opens alerts in every process': {
    breaks: ['opens each alert once'],
    store: (store) => ({
      as: (by) => {
        const operator = store.as(by);
        return {
          ...operator,
          async listEvents(query) {
            const events = await operator.listEvents(query);
            return events.flatMap((event): FleetEvent[] => (event.kind === 'alert-opened' ? [event, event] : [event]));
          },
        };
      },
    }),
  },
  'snoozes alerts for ever': {
    breaks: ['snoozes an alert until'],
    operator: (_operator, by, store) => ({
      listAlerts: (query) => store.as({ ...by, nowMs: 0 }).listAlerts(query),
    }),
  },
  'lists the least urgent alerts first': {
    breaks: ['lists alerts by their urgency'],
    operator: (operator) => ({
      async listAlerts(query) {
        const { alerts, ...page } = await operator.listAlerts(query);
        return { ...page, alerts: alerts.toReversed() };
      },
    }),
  },
  'shows alerts of any scope': { breaks: ['shows alerts in scope'], operator: unscoped('listAlerts') },
  'counts alerts of any scope': { breaks: ['shows alerts in scope'], operator: unscoped('countAlerts') },
  'lets anybody snooze an alert': { breaks: ['shows alerts in scope'], operator: unscoped('snoozeAlert') },

  'opens alerts during a maintenance': {
    breaks: ['opens no alert of a node in maintenance', 'knows by their labels'],
    operator: (operator) => ({
      addMaintenance: async (maintenance) => {
        await operator.addMaintenance(maintenance);
        await operator.endMaintenance(maintenance.id);
        return maintenance;
      },
    }),
  },
  'holds alerts back although their maintenance was ended': {
    breaks: ['opens alerts at once when'],
    operator: (operator, { nowMs }) => ({
      async endMaintenance(maintenanceId) {
        const found = await operator.findMaintenance(maintenanceId);
        return found && { ...found, endedAtMs: nowMs };
      },
    }),
  },
  'does not show that a node is in maintenance': {
    breaks: ['shows until when a node is in maintenance'],
    operator: listing(({ maintenanceUntilMs: _until, ...alert }) => alert),
  },
  'lists maintenances that are over as if they were not': {
    breaks: ['keeps maintenances, each once'],
    operator: (operator) => ({ listMaintenance: ({ limit }) => operator.listMaintenance({ limit }) }),
  },
  'shows maintenances to everybody': { breaks: ['shows somebody with a scope'], operator: unscoped('listMaintenance') },
  'lets anybody end a maintenance': { breaks: ['shows somebody with a scope'], operator: unscoped('endMaintenance') },
  'keeps maintenances for ever': { breaks: ['drops maintenances'], store: () => ({ tidy: async () => false }) },
};

/** Shows alerts otherwise than they are. */
function listing(alter: (alert: Alert) => Alert): OperatorFault {
  return (operator) => ({
    async listAlerts(query) {
      const { alerts, ...page } = await operator.listAlerts(query);
      return { ...page, alerts: alerts.map(alter) };
    },
  });
}

/** Alerts that were listed once are always there. */
function withLostAlerts(): OperatorFault {
  const keptOf = perStore(() => new Map<string, Alert>());
  return (operator: OperatorStore, _by, store) => ({
    async listAlerts(query) {
      const kept = keptOf(store);
      const page = await operator.listAlerts(query);
      for (const alert of page.alerts) kept.set(alert.id, alert);
      return { ...page, alerts: [...kept.values()] };
    },
  });
}
