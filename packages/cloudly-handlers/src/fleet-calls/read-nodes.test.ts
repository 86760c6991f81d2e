import { describe, expect, test } from 'vitest';
import { ada, boss, codeOf, vic } from '../../test/fixtures/fleet-callers.js';
import { createFleet } from '../create-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { addLabelled, deviceStatus, setProfile } from '../stores/suite/fleet/fleet-fixtures.js';
import { addManyNodes, manyNodeIds } from '../stores/suite/fleet/many-nodes.js';
import { heartbeatReport, issued, NOW_MS } from '../stores/suite/fixtures.js';

async function setUp() {
  const store = createMemoryStore();
  await addManyNodes(store);
  return { store, fleet: createFleet({ store, now: () => NOW_MS }) };
}

test('a summary counts all nodes and those in every state', async () => {
  const { fleet } = await setUp();
  const { nodeCount, states } = await fleet.summary(vic);
  expect(nodeCount).toBe(24);
  expect(states).toEqual({ pending: 3, revoked: 0, 'never-seen': 3, online: 5, late: 5, offline: 8 });
});

describe('a list', () => {
  test('has all nodes by name, page by page', async () => {
    const { fleet } = await setUp();
    const first = await fleet.listNodes(vic, { limit: 20 });
    const { nodes, next } = await fleet.listNodes(vic, { limit: 20, after: first.next });
    const ids = [...first.nodes, ...nodes].map(({ facts }) => facts.nodeId);
    expect(ids.toSorted()).toEqual(manyNodeIds);
    expect(next).toBeUndefined();
  });

  test('takes a selector as a text, and says where one cannot be read', async () => {
    const { fleet } = await setUp();
    const { nodes } = await fleet.listNodes(vic, { selector: 'id=n03,n05' });
    expect(nodes.map(({ facts }) => facts.nodeId)).toEqual(['n05', 'n03']);
    await expect(fleet.listNodes(vic, { selector: 'id=n03 colour=red' })).rejects.toMatchObject({
      code: 'selector-invalid',
      message: expect.stringContaining('(column 8)'),
    });
  });

  test.each([0, 1001, 1.5])('has no page of %d', async (limit) => {
    const { fleet } = await setUp();
    expect(await codeOf(fleet.listNodes(vic, { limit }))).toBe('value-invalid');
  });
});

test('nodes are counted up to a limit', async () => {
  const { fleet } = await setUp();
  expect(await fleet.countNodes(vic)).toEqual({ count: 24, isMore: false });
  expect(await fleet.countNodes(vic, { max: 24 })).toEqual({ count: 24, isMore: false });
  expect(await fleet.countNodes(vic, { max: 23 })).toEqual({ count: 23, isMore: true });
  expect(await fleet.countNodes(vic, { selector: 'state:pending' })).toEqual({ count: 3, isMore: false });
});

test('values are counted, of labels too', async () => {
  const { fleet } = await setUp();
  expect(await fleet.countBy(vic, 'approval')).toEqual([
    { value: 'approved', count: 21 },
    { value: 'pending', count: 3 },
  ]);
  expect(await fleet.labelKeys(vic)).toEqual([
    { value: 'canary', count: 5 },
    { value: 'site', count: 16 },
  ]);
  expect(await fleet.labelValues(vic, 'site')).toEqual([
    { value: 'berlin', count: 8 },
    { value: 'bonn', count: 8 },
  ]);
  expect(await codeOf(fleet.labelValues(vic, 'a b'))).toBe('value-invalid');
});

test('nodes at this moment are those that were asked for, once each, with the vitals of their last heartbeat', async () => {
  const { fleet, store } = await setUp();
  await addLabelled(store, 'n', { site: 'berlin' });
  const report = heartbeatReport(1);
  await store.saveReport('n', report);
  const live = await fleet.liveNodes(vic, ['n', 'nobody', 'n00', 'n']);
  expect(live.map(({ nodeId }) => nodeId).toSorted()).toEqual(['n', 'n00']);
  expect(live.find(({ nodeId }) => nodeId === 'n')).toEqual({
    nodeId: 'n',
    state: 'online',
    lastHeartbeatAtMs: report.receivedAtMs,
    vitals: report.vitals,
  });
  expect(await fleet.liveNodes(vic, [])).toEqual([]);
  expect(await codeOf(fleet.liveNodes(vic, Array.from({ length: 101 }, String)))).toBe('value-invalid');
});

describe('a node', () => {
  test('is shown with all that is known of it', async () => {
    const { fleet, store } = await setUp();
    await addLabelled(store, 'n', { site: 'berlin' }, { currentToken: issued('a') });
    await setProfile(store, 'n', { notes: 'by the door' });
    const status = deviceStatus({ hostname: 'gate-1' });
    await store.saveReport('n', heartbeatReport(1, { status }));
    const details = await fleet.getNode(ada, 'n');
    expect(details).toMatchObject({
      facts: { nodeId: 'n', hostname: 'gate-1' },
      labels: { site: 'berlin' },
      state: 'online',
      profile: { notes: 'by the door' },
      record: { approvalCode: 'ABCD1234', bootId: 'boot-1', currentToken: { id: 'a' } },
      lastHeartbeat: { sequence: 1 },
      status: { status },
      rivals: [],
    });
    expect(JSON.stringify(details)).not.toMatch(/hash of/);
    expect(await fleet.history(ada, 'n', 'detail')).toMatchObject([{ heartbeatCount: 1 }]);
  });

  test('is shown without approval codes to those who may only look', async () => {
    const { fleet } = await setUp();
    expect(JSON.stringify(await fleet.getNode(vic, 'n00'))).not.toContain('ABCD1234');
    expect(JSON.stringify(await fleet.getNode(ada, 'n00'))).toContain('ABCD1234');
  });
});

describe('a text', () => {
  test.each([
    ['ID', 'n03', 'n03'],
    ['UUID', 'uuid7', 'n17'],
    ['name', 'GATE 2', 'n08'],
  ])('means the node with that %s: %s', async (_what, text, nodeId) => {
    const { fleet } = await setUp();
    await fleet.forget(boss, 'n20');
    expect((await fleet.resolveNode(vic, text)).facts.nodeId).toBe(nodeId);
  });

  test('means the one node whose ID begins so', async () => {
    const { fleet, store } = await setUp();
    await addLabelled(store, 'shop-17');
    expect((await fleet.resolveNode(vic, 'sho')).facts.nodeId).toBe('shop-17');
  });

  test('means the node that has it as its ID before those that have it as a name', async () => {
    const { fleet, store } = await setUp();
    await setProfile(store, 'n05', { name: 'n03' });
    expect((await fleet.resolveNode(vic, 'n03')).facts.nodeId).toBe('n03');
  });

  test('that may mean several lists them', async () => {
    const { fleet } = await setUp();
    await expect(fleet.resolveNode(vic, 'gate 1')).rejects.toMatchObject({
      code: 'node-ambiguous',
      message: 'Several nodes are called gate 1: n04, n16',
      candidates: ['n04', 'n16'],
    });
    await expect(fleet.resolveNode(vic, 'n')).rejects.toMatchObject({ message: expect.stringMatching(/, \.\.\.$/) });
  });

  test.each(['', 'nobody'])('that means none is refused: %j', async (text) => {
    const { fleet } = await setUp();
    expect(await codeOf(fleet.resolveNode(boss, text))).toBe('node-unknown');
  });
});
