import type { FleetStore } from '../../../fleet-store/fleet-store.js';
import { behaviour, type FleetStoreBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { NOW_MS } from '../fixtures.js';
import {
  addHeard,
  addMaintenance,
  ALERT_AT_MS,
  alertIdsAt,
  alertsAt,
  alertsToldSince,
  keepAll,
  maintenance,
  MINUTE_MS,
  OFFLINE_AT_MS,
} from './alert-fixtures.js';
import { ADA, asAda, BEN, by, lastPosition, scopeOf, setProfile, tidyAll } from './fleet-fixtures.js';

const DAY_MS = 86_400_000;

export const maintenanceBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour('opens no alert of a node in maintenance before that is over', async (store: FleetStore) => {
    await addHeard(store, 'berlin', 'n');
    await addHeard(store, 'bonn', 'other');
    const { untilMs } = await addMaintenance(store);
    await keepAll(store, OFFLINE_AT_MS);
    await keepAll(store, ALERT_AT_MS);
    expectEqual('meanwhile', await alertIdsAt(store, ALERT_AT_MS), ['offline:other']);
    await keepAll(store, untilMs - 1);
    expectEqual('at its end', await alertIdsAt(store, untilMs - 1), ['offline:other']);
    await keepAll(store, untilMs);
    expectEqual('then', await alertIdsAt(store, untilMs), ['offline:other', 'offline:n']);
  }),

  behaviour('opens alerts at once when their maintenance is ended', async (store: FleetStore) => {
    await addHeard(store, 'berlin', 'n');
    const { id } = await addMaintenance(store, { note: 'new router' });
    await keepAll(store, OFFLINE_AT_MS);
    await keepAll(store, ALERT_AT_MS);
    const before = await lastPosition(store);
    const ended = await asAda(store, ALERT_AT_MS + 1).endMaintenance(id);
    expectEqual('when it ended', ended?.endedAtMs, ALERT_AT_MS + 1);
    await asAda(store, ALERT_AT_MS + 2).endMaintenance(id);
    await keepAll(store, ALERT_AT_MS + 2);
    expectEqual('what is open', await alertIdsAt(store, ALERT_AT_MS + 2), ['offline:n']);
    const told = (await alertsToldSince(store, before)).map(({ kind, actor }) => [kind, actor]);
    expectEqual('what is told', told, [
      ['maintenance-ended', ADA],
      ['alert-opened', 'system'],
    ]);
  }),

  behaviour('knows by their labels of the moment which nodes are in maintenance', async (store: FleetStore) => {
    await addHeard(store, '', 'enters', 'hidden');
    await addMaintenance(store, { scope: scopeOf('floor', '1') });
    await setProfile(store, 'enters', { labels: { site: 'berlin', floor: '1' } });
    await setProfile(store, 'hidden', { labels: { site: 'berlin' } });
    await keepAll(store, OFFLINE_AT_MS);
    await keepAll(store, ALERT_AT_MS);
    expectEqual('what is open', await alertIdsAt(store, ALERT_AT_MS), ['offline:hidden']);
  }),

  behaviour('shows until when a node is in maintenance whose alert was open before', async (store: FleetStore) => {
    await addHeard(store, 'berlin', 'n');
    await keepAll(store, OFFLINE_AT_MS);
    await keepAll(store, ALERT_AT_MS);
    const { untilMs } = await addMaintenance(store);
    const until = async (nowMs: number) => (await alertsAt(store, nowMs)).map((alert) => alert.maintenanceUntilMs);
    expectEqual('meanwhile', await until(ALERT_AT_MS), [untilMs]);
    expectEqual('afterwards', await until(untilMs), [undefined]);
  }),

  behaviour('keeps maintenances, each once, and lists those that begin last first', async (store: FleetStore) => {
    const before = await lastPosition(store);
    const first = await addMaintenance(store, { note: 'new router' });
    const again = await addMaintenance(store, { selector: '' });
    expectEqual('again', again, first);
    const second = await addMaintenance(store, { id: 'm2', fromMs: NOW_MS + 1 });
    expectEqual('all', await asAda(store).listMaintenance({ limit: 10 }), [second, first]);
    expectEqual('one', await asAda(store).listMaintenance({ limit: 1 }), [second]);
    const later = asAda(store, NOW_MS + MINUTE_MS);
    const ended = await later.endMaintenance(second.id);
    expectEqual('found', await later.findMaintenance(second.id), ended);
    expectEqual('those that are not over', await later.listMaintenance({ isOpen: true, limit: 10 }), [first]);
    expectEqual('of none', await later.endMaintenance('other'), undefined);
    const [started] = await alertsToldSince(store, before);
    const { id: maintenanceId, selector, fromMs, untilMs } = first;
    const details = { maintenanceId, selector, fromMs, untilMs, note: 'new router' };
    expectEqual('what is told', started, { actor: ADA, kind: 'maintenance-started', details });
  }),

  behaviour('shows somebody with a scope their own maintenances alone', async (store: FleetStore) => {
    const scope = scopeOf('site', 'berlin');
    const ben = store.as(by(BEN, { scope }));
    const own = await ben.addMaintenance(maintenance({ id: 'own', createdBy: BEN, scope }));
    const other = await addMaintenance(store);
    expectEqual('listed', await ben.listMaintenance({ limit: 10 }), [own]);
    expectEqual('found', await ben.findMaintenance(other.id), undefined);
    expectEqual('ended', await ben.endMaintenance(other.id), undefined);
    expectEqual('of an admin', (await asAda(store).listMaintenance({ limit: 10 })).length, 2);
  }),

  behaviour('drops maintenances that are over for 90 days', async (store: FleetStore) => {
    const { untilMs } = await addMaintenance(store);
    await tidyAll(store, untilMs + 90 * DAY_MS - 1);
    expectEqual('before', (await asAda(store).listMaintenance({ limit: 10 })).length, 1);
    await tidyAll(store, untilMs + 90 * DAY_MS);
    expectEqual('then', await asAda(store).listMaintenance({ limit: 10 }), []);
  }),
];
