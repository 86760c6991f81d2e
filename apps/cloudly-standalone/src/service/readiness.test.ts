import { FleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { describe, expect, test } from 'vitest';
import { createReadiness, type ReadinessOptions } from './readiness.js';

const writes = { probe: async () => undefined };
const hangs = { probe: () => new Promise<void>(() => undefined) };

function failsWith(error: Error) {
  return {
    probe: async (): Promise<void> => {
      throw error;
    },
  };
}

const unreachable = new FleetStoreError('database-unreachable', 'db.internal:5432 does not answer');
const nothing = { keptAtMs: () => -Infinity, failedAtMs: () => -Infinity };

function readinessOf(options: Partial<ReadinessOptions>) {
  return createReadiness({ store: writes, isDraining: () => false, outcomes: nothing, ...options });
}

test('a store that can be written is ready', async () => {
  expect(await readinessOf({})()).toEqual({ isReady: true });
});

test('a server that drains is not, and does not ask the store', async () => {
  const readiness = readinessOf({ store: hangs, isDraining: () => true });
  expect(await readiness()).toEqual({ isReady: false, reason: 'draining' });
});

test.each([
  [unreachable, 'database-unreachable'],
  [new Error('connect ECONNREFUSED 10.0.0.5:5432'), 'store-failed'],
])('a store that fails with %s is not ready, by a reason that names no host', async (error, reason) => {
  expect(await readinessOf({ store: failsWith(error), goodForMs: 0 })()).toEqual({ isReady: false, reason });
});

test('a store that does not come to an answer is not ready within bounded time, and is asked once until it does', async () => {
  let asked = 0;
  const store = {
    probe: () => {
      asked += 1;
      return hangs.probe();
    },
  };
  const readiness = readinessOf({ store, timeoutMs: 10 });
  for (let count = 0; count < 3; count += 1) {
    expect(await readiness()).toEqual({ isReady: false, reason: 'store-timeout' });
  }
  expect(asked).toBe(1);
});

test('an answer stands for a while, so that asking costs the store nothing', async () => {
  let asked = 0;
  const store = {
    probe: async () => {
      asked += 1;
    },
  };
  const readiness = readinessOf({ store, goodForMs: 60_000 });
  await Promise.all([readiness(), readiness()]);
  await readiness();
  expect(asked).toBe(1);
});

test('a failure is told in full once for as long as it lasts', async () => {
  const told: unknown[] = [];
  let isAway = true;
  const readiness = readinessOf({
    store: { probe: () => (isAway ? failsWith(unreachable) : writes).probe() },
    onError: (error) => told.push(error),
    goodForMs: 0,
  });
  await readiness();
  await readiness();
  expect(told).toEqual([unreachable]);
  isAway = false;
  expect(await readiness()).toEqual({ isReady: true });
  isAway = true;
  await readiness();
  expect(told).toEqual([unreachable, unreachable]);
});

describe('what nodes got goes before what the store says:', () => {
  const setUp = (store: ReadinessOptions['store']) => {
    const at = { nowMs: 100_000, keptMs: -Infinity, failedMs: -Infinity };
    let asked = 0;
    const readiness = readinessOf({
      store: {
        probe: (nowMs) => {
          asked += 1;
          return store.probe(nowMs);
        },
      },
      outcomes: { keptAtMs: () => at.keptMs, failedAtMs: () => at.failedMs },
      nowMs: () => at.nowMs,
    });
    return { at, readiness, asked: () => asked };
  };

  test('while nodes are refused it is not ready, though the store can be written', async () => {
    const { at, readiness } = setUp(writes);
    at.keptMs = at.nowMs - 2;
    at.failedMs = at.nowMs - 1;
    expect(await readiness()).toEqual({ isReady: false, reason: 'nodes-refused' });
  });

  test('once no node has been refused for a while, the store is believed', async () => {
    const { at, readiness } = setUp(writes);
    at.failedMs = at.nowMs;
    expect(await readiness()).toMatchObject({ isReady: false });
    at.nowMs += 44_999;
    expect(await readiness()).toMatchObject({ isReady: false });
    at.nowMs += 1;
    expect(await readiness()).toEqual({ isReady: true });
  });

  test('a store that failed and can be written again is believed at once', async () => {
    let isAway = true;
    const { at, readiness } = setUp({ probe: () => (isAway ? failsWith(unreachable) : writes).probe() });
    at.failedMs = at.nowMs;
    expect(await readiness()).toMatchObject({ isReady: false });
    isAway = false;
    at.nowMs += 1000;
    expect(await readiness()).toEqual({ isReady: true });
    at.failedMs = at.nowMs += 1000;
    expect(await readiness()).toEqual({ isReady: false, reason: 'nodes-refused' });
  });

  test('a node that is served makes it ready at once', async () => {
    const { at, readiness } = setUp(writes);
    at.failedMs = at.nowMs;
    expect(await readiness()).toMatchObject({ isReady: false });
    at.keptMs = at.nowMs += 1;
    expect(await readiness()).toEqual({ isReady: true });
  });

  test('while nodes are served the store is not asked', async () => {
    const { at, readiness, asked } = setUp(failsWith(unreachable));
    at.keptMs = at.nowMs;
    expect(await readiness()).toEqual({ isReady: true });
    expect(asked()).toBe(0);
    at.nowMs += 1000;
    expect(await readiness()).toEqual({ isReady: false, reason: 'database-unreachable' });
  });

  test('a reason of the store tells more than that nodes are refused', async () => {
    const { at, readiness } = setUp(failsWith(unreachable));
    at.failedMs = at.nowMs;
    expect(await readiness()).toEqual({ isReady: false, reason: 'database-unreachable' });
  });
});
