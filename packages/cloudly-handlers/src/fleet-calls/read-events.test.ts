import { expect, test } from 'vitest';
import { ada, berlinAdmin, boss, codeOf, vic } from '../../test/fixtures/fleet-callers.js';
import { createFleet } from '../create-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { addLabelled, deviceStatus } from '../stores/suite/fleet/fleet-fixtures.js';
import { heartbeatReport, NOW_MS } from '../stores/suite/fixtures.js';

async function setUp() {
  const store = createMemoryStore();
  for (const site of ['berlin', 'bonn']) {
    await addLabelled(store, site, { site });
    await store.saveReport(site, heartbeatReport(1, { status: deviceStatus({ hostname: 'a', commit: 'one' }) }));
    await store.saveReport(site, heartbeatReport(2, { status: deviceStatus({ hostname: 'a', commit: 'two' }) }));
  }
  const fleet = createFleet({ store, now: () => NOW_MS });
  const kindsFor = async (...[caller, query]: Parameters<typeof fleet.listEvents>) =>
    (await fleet.listEvents(caller, { after: 0, ...query })).map(({ kind, nodeId }) => `${kind} ${nodeId ?? '-'}`);
  return { fleet, kindsFor };
}

const ofBerlin = ['node-registered berlin', 'node-labelled berlin', 'release-changed berlin'];
const ofBonn = ['node-registered bonn', 'node-labelled bonn', 'release-changed bonn'];

test('an admin of the whole fleet sees what happened to it', async () => {
  const { kindsFor } = await setUp();
  expect(await kindsFor(boss)).toEqual(['join-token-created -', ...ofBerlin, ...ofBonn]);
});

test('others see what happened to nodes, those with a scope to their own', async () => {
  const { kindsFor } = await setUp();
  expect(await kindsFor(ada)).toEqual([...ofBerlin, ...ofBonn]);
  expect(await kindsFor(berlinAdmin)).toEqual(ofBerlin);
  expect(await kindsFor(ada, { kinds: ['join-token-created'] })).toEqual([]);
  expect(await kindsFor(ada, { isAudit: true })).toEqual([...ofBerlin.slice(0, 2), ...ofBonn.slice(0, 2)]);
});

test('those who may only look see nothing that people did, nor what concerns security', async () => {
  const { fleet, kindsFor } = await setUp();
  expect(await kindsFor(vic)).toEqual(['release-changed berlin', 'release-changed bonn']);
  expect(await kindsFor(vic, { kinds: ['node-registered', 'release-changed'] })).toHaveLength(2);
  expect(await codeOf(fleet.listEvents(vic, { isAudit: true }))).toBe('role-insufficient');
  expect((await fleet.timeline(vic, 'bonn')).map(({ kind }) => kind)).toEqual(['release-changed']);
});

test('the timeline of a node begins with what happened last', async () => {
  const { fleet } = await setUp();
  const [last, ...earlier] = await fleet.timeline(ada, 'bonn');
  expect([last, ...earlier].map((event) => event?.kind)).toEqual([
    'release-changed',
    'node-labelled',
    'node-registered',
  ]);
  const before = await fleet.timeline(ada, 'bonn', { before: last?.position, limit: 1 });
  expect(before).toEqual(earlier.slice(0, 1));
  expect(await codeOf(fleet.timeline(ada, 'bonn', { limit: 0 }))).toBe('value-invalid');
});

test('the epoch of the events changes when a fleet is recovered, and its join tokens are revoked', async () => {
  const { fleet } = await setUp();
  const { record } = await fleet.createJoinToken(boss);
  const epoch = await fleet.eventsEpoch(vic);
  const { revoked: frozen } = await fleet.recover(boss, NOW_MS - 1000);
  expect(frozen.map(({ id }) => id)).toContain(record.id);
  expect(frozen.every(({ revokedAtMs }) => revokedAtMs === NOW_MS)).toBe(true);
  expect(await fleet.eventsEpoch(vic)).not.toBe(epoch);
  const [, recovered] = (await fleet.listEvents(boss))
    .toReversed()
    .filter(({ kind }) => /recovered|created/.test(kind))
    .slice(-2);
  expect(recovered).toMatchObject({ kind: 'fleet-recovered', details: { takenAtMs: NOW_MS - 1000 } });
});
