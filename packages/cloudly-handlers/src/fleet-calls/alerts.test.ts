import { expect, test } from 'vitest';
import { ada, berliner, boss, codeOf, vic } from '../../test/fixtures/fleet-callers.js';
import { alertKinds } from '../alerts/alert-kinds.js';
import { createFleet } from '../create-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { NOW_MS } from '../stores/suite/fixtures.js';
import { addPending, keepAll } from '../stores/suite/fleet/alert-fixtures.js';
import { YEAR_MS } from './alerts.js';
import { fleetRoles } from './fleet-roles.js';

const MINUTE_MS = 60_000;
const id = '00000000-0000-4000-8000-000000000001';
const maintenance = { id, selector: 'label.site=berlin', untilMs: NOW_MS + MINUTE_MS, note: ' new router ' };

/** A fleet with a node that waits for approval. */
async function setUp() {
  const store = createMemoryStore();
  const fleet = createFleet({ store, now: () => NOW_MS });
  await addPending(store, 'gate-1');
  await keepAll(store, NOW_MS);
  return { fleet, store };
}

test('an alert says what to do, and which calls do it', async () => {
  const { fleet } = await setUp();
  const { alerts } = await fleet.listAlerts(vic);
  const { remedy, actions } = alertKinds['pending-approval'];
  expect(alerts).toMatchObject([{ id: 'pending-approval:gate-1', urgency: 'low', remedy, actions }]);
  expect(actions.map(({ call }) => call)).toEqual(['approve', 'revoke']);
  const { openAlerts } = await fleet.getNode(vic, 'gate-1');
  expect(openAlerts).toEqual(alerts);
});

test('every action of an alert is a call of the fleet', () => {
  const called = Object.values(alertKinds).flatMap(({ actions }) => actions.map(({ call }) => call));
  expect(called.filter((call) => !(call in fleetRoles))).toEqual([]);
});

test('alerts are selected as nodes are', async () => {
  const { fleet } = await setUp();
  const listed = async (selector: string) => (await fleet.listAlerts(ada, { selector })).alerts.length;
  expect([await listed('id=gate-1'), await listed('alert:pending-approval'), await listed('id=other')]).toEqual([
    1, 1, 0,
  ]);
  expect(await fleet.countAlerts(ada, { selector: 'id=gate-1' })).toEqual([
    { kind: 'pending-approval', count: 1, snoozedCount: 0 },
  ]);
  expect(await codeOf(fleet.listAlerts(ada, { selector: 'alert:offlin' }))).toBe('selector-invalid');
});

test('a snooze has a time within a year, a note of some length, and an alert that is open', async () => {
  const { fleet } = await setUp();
  const snooze = (untilMs: number, note?: string) =>
    fleet.snoozeAlert(ada, 'pending-approval:gate-1', { untilMs, note });
  for (const untilMs of [NOW_MS, NaN, NOW_MS + 1.5, NOW_MS + YEAR_MS + 1]) {
    expect(await codeOf(snooze(untilMs))).toBe('value-invalid');
  }
  expect(await codeOf(snooze(NOW_MS + 1, 'x'.repeat(1001)))).toBe('value-invalid');
  const { snooze: kept } = await snooze(NOW_MS + MINUTE_MS, ' known ');
  expect(kept).toEqual({ untilMs: NOW_MS + MINUTE_MS, note: 'known', by: 'operator:ada', atMs: NOW_MS });
  expect((await fleet.unsnoozeAlert(boss, 'pending-approval:gate-1')).snooze).toBeUndefined();
  expect(await codeOf(fleet.snoozeAlert(ada, 'offline:gate-1', { untilMs: NOW_MS + 1 }))).toBe('alert-unknown');
});

test('a maintenance is started once, and the same one again is the same', async () => {
  const { fleet } = await setUp();
  const started = await fleet.startMaintenance(ada, maintenance);
  expect(started).toEqual({
    ...maintenance,
    note: 'new router',
    fromMs: NOW_MS,
    createdBy: 'operator:ada',
    createdAtMs: NOW_MS,
  });
  expect(await fleet.startMaintenance(ada, maintenance)).toEqual(started);
  expect(await codeOf(fleet.startMaintenance(ada, { ...maintenance, selector: '' }))).toBe('id-taken');
  expect(await codeOf(fleet.startMaintenance(boss, maintenance))).toBe('id-taken');
  const { scope } = await fleet.startMaintenance(berliner, { ...maintenance, id: id.replace('1', '2') });
  expect(scope).toEqual(berliner.scope);
});

test('a maintenance is not of nodes by what it changes itself, and has an end', async () => {
  const { fleet } = await setUp();
  for (const selector of ['state:online', 'seen<1h', 'label.site=berlin -alert:offline']) {
    expect(await codeOf(fleet.startMaintenance(ada, { ...maintenance, selector }))).toBe('value-invalid');
  }
  const { untilMs } = maintenance;
  for (const times of [{ untilMs: NOW_MS }, { fromMs: untilMs }, { fromMs: NaN }, { untilMs: untilMs + YEAR_MS }]) {
    expect(await codeOf(fleet.startMaintenance(ada, { ...maintenance, ...times }))).toBe('value-invalid');
  }
  expect(await codeOf(fleet.startMaintenance(ada, { ...maintenance, id: 'm' }))).toBe('value-invalid');
});

test('a maintenance is ended by who started it, or an admin', async () => {
  const { fleet } = await setUp();
  await fleet.startMaintenance(boss, maintenance);
  expect(await codeOf(fleet.endMaintenance(ada, id))).toBe('role-insufficient');
  expect(await fleet.endMaintenance(boss, id)).toMatchObject({ endedAtMs: NOW_MS });
  expect(await fleet.listMaintenance(vic, { isOpen: true })).toEqual([]);
  expect(await fleet.listMaintenance(vic)).toHaveLength(1);
  expect(await codeOf(fleet.endMaintenance(boss, id.replace('1', '2')))).toBe('maintenance-unknown');
});

test('an alert is over as soon as what it asks for is done', async () => {
  const { fleet, store } = await setUp();
  await fleet.approve(ada, 'gate-1');
  await keepAll(store, NOW_MS);
  expect((await fleet.listAlerts(ada)).alerts).toEqual([]);
});
