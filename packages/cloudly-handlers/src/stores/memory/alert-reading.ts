import { alertKinds } from '../../alerts/alert-kinds.js';
import type { KeptAlert } from '../../alert-keeping/kept-alert.js';
import { isGroupAlert } from '../../alert-keeping/kept-alert.js';
import type { Alert, AlertCount, AlertCursor, StoreAlertFilter } from '../../fleet-store/alert.js';
import { isInScope, matches } from '../../selector/matches.js';
import { alertOf } from '../records/alert-list.js';
import { rankOf } from '../records/alert-rows.js';
import { type Behalf, instantOf } from '../records/behalf.js';
import { eventsOfSnooze } from '../records/snooze-changes.js';
import type { AlertOperations } from '../records/store-operations.js';
import type { AlertWork } from './alert-work.js';
import { copy } from './copy.js';
import { compare } from './list-operations.js';
import type { MemoryFleet } from './memory-fleet.js';
import { fleetNode, type NodeEntry } from './node-entry.js';

type AlertReading = Pick<AlertOperations, 'listAlerts' | 'countAlerts' | 'snoozeAlert'>;

/** An alert that is open, with the nodes that it is about. */
interface OpenAlert {
  alert: KeptAlert;
  entries: NodeEntry[];
}

export function createAlertReading({ nodes, events }: MemoryFleet, work: AlertWork, behalf: Behalf): AlertReading {
  const nowMs = instantOf(behalf);
  const isVisible = ({ profile }: NodeEntry): boolean => isInScope(behalf.scope, profile.labels);

  const open = (): OpenAlert[] => {
    const all = [...nodes.all()];
    const ofNodes = all.flatMap((entry) =>
      entry.alerts.flatMap((alert) => (alert.course.openedAtMs === undefined ? [] : [{ alert, entries: [entry] }])),
    );
    const ofGroups = [...work.groups.values()].map((alert) => {
      return { alert, entries: all.filter(({ alerts }) => alerts.some(({ groupId }) => groupId === alert.id)) };
    });
    return [...ofNodes, ...ofGroups];
  };

  const snoozesOf = (alert: KeptAlert) => (isGroupAlert(alert) ? work.snoozes : nodes.find(alert.nodeId)?.snoozes);
  const snoozeOf = (alert: KeptAlert) => {
    const snooze = snoozesOf(alert)?.get(alert.id);
    return snooze && snooze.untilMs > nowMs ? snooze : undefined;
  };

  const shown = ({ alert, entries }: OpenAlert): Alert => {
    const [first] = entries;
    const node = !isGroupAlert(alert) && first ? fleetNode(first) : undefined;
    const sources = { alert, snooze: snoozeOf(alert), node, nodeCount: entries.filter(isVisible).length };
    return copy(alertOf(sources, { maintenances: [...work.maintenances.values()], nowMs }));
  };

  const listed = ({ kinds, urgencies, isSnoozed, selector, nodeId }: StoreAlertFilter): OpenAlert[] =>
    open().filter(({ alert, entries }) => {
      if (nodeId === undefined && !isGroupAlert(alert) && alert.groupId !== undefined) return false;
      if (nodeId !== undefined && (isGroupAlert(alert) || alert.nodeId !== nodeId)) return false;
      const isAsked =
        (kinds?.includes(alert.kind) ?? true) &&
        (urgencies?.includes(alertKinds[alert.kind].urgency) ?? true) &&
        (isSnoozed === undefined || isSnoozed === (snoozeOf(alert) !== undefined));
      if (!isAsked || (!behalf.scope && !selector)) return isAsked;
      return entries.some((entry) => isVisible(entry) && (!selector || matches(selector, fleetNode(entry), nowMs)));
    });

  return {
    async listAlerts({ after, limit, ...filter }) {
      const placed = listed(filter)
        .map((one) => ({ one, place: placeOf(one.alert) }))
        .filter(({ place }) => !after || byUrgency(place, after) > 0)
        .toSorted((first, second) => byUrgency(first.place, second.place));
      const page = placed.slice(0, limit);
      const next = placed.length > limit ? page.at(-1)?.place : undefined;
      return { alerts: page.map(({ one }) => shown(one)), ...(next && { next }) };
    },

    async countAlerts(filter) {
      const counts = new Map<string, AlertCount>();
      for (const { alert } of listed(filter)) {
        const count = counts.get(alert.kind) ?? { kind: alert.kind, count: 0, snoozedCount: 0 };
        count.count += 1;
        if (snoozeOf(alert)) count.snoozedCount += 1;
        counts.set(alert.kind, count);
      }
      return [...counts.values()].toSorted((one, other) => compare(one.kind, other.kind));
    },

    async snoozeAlert(alertId, snooze) {
      const found = open().find(({ alert }) => alert.id === alertId);
      if (!found || !found.entries.every(isVisible) || (behalf.scope && found.entries.length === 0)) return undefined;
      const { alert, entries } = found;
      const change = { before: snoozeOf(alert), after: snooze, nodeCount: entries.length };
      if (snooze) snoozesOf(alert)?.set(alertId, copy(snooze));
      else snoozesOf(alert)?.delete(alertId);
      const registeredAtMs = isGroupAlert(alert) ? undefined : entries[0]?.node.registeredAtMs;
      events.tell(eventsOfSnooze(behalf, alert, change), registeredAtMs);
      return shown(found);
    },
  };
}

function placeOf(alert: KeptAlert): AlertCursor {
  return { rank: rankOf(alert.kind), sinceMs: alert.course.sinceMs, id: alert.id };
}

/** The most urgent first, of these the newest. */
function byUrgency(one: AlertCursor, other: AlertCursor): number {
  return other.rank - one.rank || other.sinceMs - one.sinceMs || compare(other.id, one.id);
}
