import { FleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { createReadiness } from './readiness.js';

const answers = { cloudlyId: () => Promise.resolve('cloudly-1') };
const hangs = { cloudlyId: () => new Promise<string>(() => undefined) };
const failsWith = (error: Error) => ({
  cloudlyId: async (): Promise<string> => {
    throw error;
  },
});
const unreachable = new FleetStoreError('database-unreachable', 'db.internal:5432 does not answer');

test('a store that answers is ready', async () => {
  expect(await createReadiness({ store: answers, isDraining: () => false })()).toEqual({ isReady: true });
});

test('a server that drains is not, and does not ask the store', async () => {
  const readiness = createReadiness({ store: hangs, isDraining: () => true });
  expect(await readiness()).toEqual({ isReady: false, reason: 'draining' });
});

test.each([
  [unreachable, 'database-unreachable'],
  [new Error('connect ECONNREFUSED 10.0.0.5:5432'), 'store-failed'],
])('a store that fails with %s is not ready, by a reason that names no host', async (error, reason) => {
  const readiness = createReadiness({
    store: failsWith(error),
    isDraining: () => false,
    goodForMs: 0,
  });
  expect(await readiness()).toEqual({ isReady: false, reason });
});

test('a store that does not come to an answer is not ready within bounded time, and is asked once until it does', async () => {
  let asked = 0;
  const store = {
    cloudlyId: () => {
      asked += 1;
      return hangs.cloudlyId();
    },
  };
  const readiness = createReadiness({ store, isDraining: () => false, timeoutMs: 10 });
  for (let count = 0; count < 3; count += 1) {
    expect(await readiness()).toEqual({ isReady: false, reason: 'store-timeout' });
  }
  expect(asked).toBe(1);
});

test('an answer stands for a while, so that asking costs the store nothing', async () => {
  let asked = 0;
  const store = { cloudlyId: async () => `cloudly-${(asked += 1)}` };
  const readiness = createReadiness({ store, isDraining: () => false, goodForMs: 60_000 });
  await Promise.all([readiness(), readiness()]);
  await readiness();
  expect(asked).toBe(1);
});

test('a failure is told in full once for as long as it lasts', async () => {
  const told: unknown[] = [];
  let isAway = true;
  const readiness = createReadiness({
    store: { cloudlyId: () => (isAway ? failsWith(unreachable) : answers).cloudlyId() },
    isDraining: () => false,
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
