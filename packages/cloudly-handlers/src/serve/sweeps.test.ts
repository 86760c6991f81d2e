import { expect, test } from 'vitest';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { enrol } from '../../test/fixtures/enrol.js';
import type { NodeStore } from '../fleet/node-store.js';
import type { FleetStore } from '../fleet-store/fleet-store.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';

const MINUTE_MS = 60_000;

/** A Cloudly with a node that has sent a heartbeat, and then is quiet. */
async function setUp(changes: Partial<FleetStore> = {}) {
  const store = { ...createMemoryStore(), ...changes };
  const cloudly = createCloudly(store, { heartbeatIntervalMs: MINUTE_MS });
  const node = createEmulatedNode();
  await cloudly.heartbeat(node.heartbeat(), await enrol(cloudly, node));
  const told: string[] = [];
  store.onWritten((events) => void told.push(...events.map(({ kind }) => kind)));
  return { cloudly, told };
}

test('a node that is quiet is found late and offline with the requests of others, and has an alert', async () => {
  const { cloudly, told } = await setUp();
  for (let minute = 1; minute <= 9; minute += 1) {
    cloudly.advance(MINUTE_MS);
    await cloudly.heartbeat({}, 'guess');
  }
  expect(told).toEqual(['node-late', 'node-offline', 'alert-opened']);
});

test('a node is also found where there are no requests', async () => {
  const { cloudly, told } = await setUp();
  cloudly.advance(3 * MINUTE_MS);
  cloudly.handlers.runUpkeep();
  await expect.poll(() => told).toEqual(['node-late']);
});

test('the store is asked every five seconds, and again as long as it says that there is more', async () => {
  const asked: number[] = [];
  const { cloudly } = await setUp({
    sweep: async ({ limit }) => {
      asked.push(limit);
      return { moved: [], isMore: asked.length % 3 !== 0 };
    },
  });
  const afterwards: number[] = [];
  for (let second = 1; second <= 11; second += 1) {
    cloudly.advance(1000);
    await cloudly.heartbeat({}, 'guess');
    await Promise.resolve();
    afterwards.push(asked.length);
  }
  expect(afterwards.at(0)).toBe(3);
  expect(afterwards.at(-1)).toBe(9);
});

test('a clock that jumps finds nobody late: it is not known how long nodes have been quiet', async () => {
  const { cloudly, told } = await setUp();
  cloudly.advance(MINUTE_MS);
  cloudly.setClock(24 * 60 * MINUTE_MS);
  cloudly.handlers.runUpkeep();
  cloudly.advance(MINUTE_MS);
  cloudly.handlers.runUpkeep();
  await cloudly.heartbeat({}, 'guess');
  expect(told).toEqual([]);
  cloudly.advance(2 * MINUTE_MS);
  cloudly.handlers.runUpkeep();
  await expect.poll(() => told).toEqual(['node-late']);
});

test('a failure is reported, and retried the next time', async () => {
  const { cloudly } = await setUp({ sweep: () => Promise.reject(new Error('locked')) });
  for (const attempt of [1, 2]) {
    cloudly.advance(MINUTE_MS);
    cloudly.handlers.runUpkeep();
    await expect.poll(() => cloudly.errors.map(String)).toHaveLength(attempt + 1);
  }
});

test('a store for nodes alone has nothing to find', async () => {
  const store: NodeStore = createMemoryStore();
  Reflect.deleteProperty(store, 'sweep');
  const cloudly = createCloudly(store);
  cloudly.handlers.runUpkeep();
  expect((await cloudly.heartbeat({}, 'guess')).status).toBe(401);
  expect(cloudly.errors).toEqual([]);
});
