import { endpoints, parseHeartbeatAnswer, parseRegisterAnswer } from '@serve.zone/baseos-contracts';
import { expect, test } from 'vitest';
import type { NodeStore } from '../fleet/node-store.js';
import { createCloudly, post, read } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { createLatch } from '../../test/fixtures/latch.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';

/** A store that stores no report before it is told to. */
function heldStore() {
  const store = createMemoryStore();
  const [reached, released] = [createLatch(), createLatch()];
  const held: NodeStore = {
    ...store,
    async saveReport(nodeId, report) {
      reached.open();
      await released.opened;
      return store.saveReport(nodeId, report);
    },
  };
  return { store, held, release: released.open, reached: reached.opened };
}

test('draining lets requests in flight finish, rejects new ones with 503 and Retry-After, and then resolves', async () => {
  const { store, held, release, reached } = heldStore();
  const device = createEmulatedNode();
  const nodeToken = await enrol(createCloudly(store), device);
  const cloudly = createCloudly(held);
  const inFlight = cloudly.heartbeat(device.heartbeat(), nodeToken);
  await reached;

  let isDrained = false;
  const drained = cloudly.handlers.drain().then(() => (isDrained = true));
  for (const path of [endpoints.heartbeat.path, endpoints.register.path]) {
    const parse = path === endpoints.heartbeat.path ? parseHeartbeatAnswer : parseRegisterAnswer;
    const { status, problem, retryAfter } = await read<unknown>(
      await cloudly.fetch(post(path, '{}', nodeToken)),
      parse,
    );
    expect([status, problem?.code, retryAfter]).toEqual([503, 'unavailable', '5']);
  }
  expect(isDrained).toBe(false);

  release();
  expect((await inFlight).status).toBe(200);
  await drained;
  expect((await store.findNode(device.nodeId))?.lastHeartbeat?.sequence).toBe(1);
});

test('draining idle handlers resolves at once, and again', async () => {
  const { handlers } = createCloudly(createMemoryStore());
  await expect(handlers.drain()).resolves.toBeUndefined();
  await expect(handlers.drain()).resolves.toBeUndefined();
});

test('draining waits for upkeep in progress', async () => {
  const tidied = createLatch();
  const cloudly = createCloudly({ ...createMemoryStore(), tidy: () => tidied.opened.then(() => false) });
  await cloudly.heartbeat({}, 'guess');
  // So long does a clock run before it is believed.
  cloudly.advance(3_600_000);
  await cloudly.heartbeat({}, 'guess');
  let isDrained = false;
  const drained = cloudly.handlers.drain().then(() => (isDrained = true));
  await cloudly.heartbeat({}, 'guess');
  expect(isDrained).toBe(false);
  tidied.open();
  await drained;
});
