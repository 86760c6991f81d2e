import { limits } from '@serve.zone/baseos-contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NodeStore } from '../fleet/node-store.js';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { enrol } from '../../test/fixtures/enrol.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { pacedInterval } from './pacing.js';

describe('the interval', () => {
  test('is the configured one while the fleet is small, and absent if none was configured', () => {
    const pace = { nodeCount: 100, heartbeatsPerSecondMax: 200, random: 0.9 };
    expect(pacedInterval({ ...pace, intervalMs: 45_000 })).toBe(45_000);
    expect(pacedInterval({ ...pace, intervalMs: undefined })).toBeUndefined();
    expect(pacedInterval({ ...pace, nodeCount: 12_000, intervalMs: undefined })).toBeUndefined();
  });

  test('grows with the fleet, plus a random part', () => {
    const pace = { heartbeatsPerSecondMax: 200, intervalMs: undefined };
    expect(pacedInterval({ ...pace, nodeCount: 24_000, random: 0 })).toBe(120_000);
    expect(pacedInterval({ ...pace, nodeCount: 24_000, random: 0.5 })).toBe(132_000);
    expect(pacedInterval({ ...pace, nodeCount: 100_000, random: 0 })).toBe(500_000);
  });

  test('keeps a fleet of any size under the rate, as far as the contract permits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5_000_000 }),
        fc.double({ min: 0.1, max: 10_000, noNaN: true }),
        fc.option(fc.integer({ min: limits.heartbeatIntervalMinMs, max: limits.heartbeatIntervalMaxMs }), {
          nil: undefined,
        }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (nodeCount, heartbeatsPerSecondMax, intervalMs, random) => {
          const given = pacedInterval({ nodeCount, heartbeatsPerSecondMax, intervalMs, random }) ?? 60_000;
          expect(given).toBeGreaterThanOrEqual(limits.heartbeatIntervalMinMs);
          expect(given).toBeLessThanOrEqual(limits.heartbeatIntervalMaxMs);
          const rate = (nodeCount * 1000) / given;
          expect(given === limits.heartbeatIntervalMaxMs || rate <= heartbeatsPerSecondMax * 1.000001).toBe(true);
        },
      ),
    );
  });
});

describe('the interval in the answers', () => {
  const withFleetOf = (count: { active: number }): NodeStore => ({
    ...createMemoryStore(),
    countNodes: async () => ({ active: count.active, online: 0, pending: 0, revoked: 0 }),
  });

  test('follows the size of the fleet, which is counted periodically', async () => {
    const count = { active: 24_000 };
    const cloudly = createCloudly(withFleetOf(count), { random: () => 0 });
    const device = createEmulatedNode();
    const { answer } = await cloudly.register(device.registration(), await cloudly.createJoinToken());
    expect(answer).toMatchObject({ heartbeatIntervalMs: 120_000 });
    const nodeToken = answer?.accepted ? answer.nodeToken : '';
    const interval = async () => (await cloudly.heartbeat(device.heartbeat(), nodeToken)).answer?.heartbeatIntervalMs;
    count.active = 48_000;
    expect(await interval()).toBe(120_000);
    cloudly.advance(30_000);
    // No answer waits for a count once there is one.
    expect(await interval()).toBe(120_000);
    expect(await interval()).toBe(240_000);
  });

  test('is counted the less often, the longer it takes', async () => {
    let countings = 0;
    const store: NodeStore = {
      ...createMemoryStore(),
      countNodes: async () => {
        countings += 1;
        cloudly.advance(1000);
        return { active: 1, online: 0, pending: 0, revoked: 0 };
      },
    };
    const cloudly = createCloudly(store);
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    for (const [afterMs, counted] of [
      [198_000, 1],
      [1000, 2],
      [198_000, 2],
      [1000, 3],
    ] as const) {
      cloudly.advance(afterMs);
      await cloudly.heartbeat(device.heartbeat(), nodeToken);
      expect(countings).toBe(counted);
    }
  });

  test('is stored with the heartbeat, and determines when the node is overdue', async () => {
    const cloudly = createCloudly(withFleetOf({ active: 24_000 }), { random: () => 0 });
    const device = createEmulatedNode();
    const nodeToken = await enrol(cloudly, device);
    await cloudly.heartbeat(device.heartbeat(), nodeToken);
    const stored = await cloudly.store.findNode(device.nodeId);
    expect(stored?.lastHeartbeat?.expectedByMs).toBe(cloudly.now() + 240_000);
  });

  test('stays the same if the store cannot count, which is reported and fails no answer', async () => {
    const store: NodeStore = { ...createMemoryStore(), countNodes: () => Promise.reject(new Error('slow')) };
    const cloudly = createCloudly(store, { heartbeatIntervalMs: 45_000 });
    const { status, answer } = await cloudly.register(
      createEmulatedNode().registration(),
      await cloudly.createJoinToken(),
    );
    expect([status, answer]).toMatchObject([201, { heartbeatIntervalMs: 45_000 }]);
    expect(cloudly.errors.map(String)).toEqual(['Error: slow']);
  });
});
