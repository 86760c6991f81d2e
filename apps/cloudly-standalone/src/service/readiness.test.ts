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

test('a writable store is ready', async () => {
  expect(await readinessOf({})()).toEqual({ isReady: true });
});

test('a draining server is not ready, and does not ask the store', async () => {
  const readiness = readinessOf({ store: hangs, isDraining: () => true });
  expect(await readiness()).toEqual({ isReady: false, reason: 'draining' });
});

test.each([
  [unreachable, 'database-unreachable'],
  [new Error('connect ECONNREFUSED 10.0.0.5:5432'), 'store-failed'],
])('a store that fails with %s is not ready, and the reason names no host', async (error, reason) => {
  expect(await readinessOf({ store: failsWith(error), goodForMs: 0 })()).toEqual({ isReady: false, reason });
});

test('a store that does not answer is not ready after a bounded time, and is asked once until it answers', async () => {
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

test('an answer is cached for a while, so that asking costs the store nothing', async () => {
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

test('a failure is logged in full once for as long as it lasts', async () => {
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

describe('the results of nodes take precedence over the store:', () => {
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

  test('the server is not ready while nodes are refused, even if the store is writable', async () => {
    const { at, readiness } = setUp(writes);
    at.keptMs = at.nowMs - 2;
    at.failedMs = at.nowMs - 1;
    expect(await readiness()).toEqual({ isReady: false, reason: 'nodes-refused' });
  });

  test('the store is trusted once no node has been refused for a while', async () => {
    const { at, readiness } = setUp(writes);
    at.failedMs = at.nowMs;
    expect(await readiness()).toMatchObject({ isReady: false });
    at.nowMs += 44_999;
    expect(await readiness()).toMatchObject({ isReady: false });
    at.nowMs += 1;
    expect(await readiness()).toEqual({ isReady: true });
  });

  test('a store that failed and is writable again is trusted at once', async () => {
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

  test('a node that is served makes the server ready at once', async () => {
    const { at, readiness } = setUp(writes);
    at.failedMs = at.nowMs;
    expect(await readiness()).toMatchObject({ isReady: false });
    at.keptMs = at.nowMs += 1;
    expect(await readiness()).toEqual({ isReady: true });
  });

  test('the store is not asked while nodes are served', async () => {
    const { at, readiness, asked } = setUp(failsWith(unreachable));
    at.keptMs = at.nowMs;
    expect(await readiness()).toEqual({ isReady: true });
    expect(asked()).toBe(0);
    at.nowMs += 1000;
    expect(await readiness()).toEqual({ isReady: false, reason: 'database-unreachable' });
  });

  test('the store’s reason is shown instead of the refusal of nodes', async () => {
    const { at, readiness } = setUp(failsWith(unreachable));
    at.failedMs = at.nowMs;
    expect(await readiness()).toEqual({ isReady: false, reason: 'database-unreachable' });
  });
});
