import { createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import { measureStore } from './measure-store.js';

function setUp(store = createMemoryStore()) {
  const observed: [operation: string, outcome: string, isDuration: boolean][] = [];
  const measured = measureStore(store, (operation, outcome, durationMs) => {
    observed.push([operation, outcome, durationMs >= 0]);
  });
  return { store, measured, observed };
}

test('a measured store does what the store does, and reports it', async () => {
  const { store, measured, observed } = setUp();
  expect(await measured.cloudlyId()).toBe(await store.cloudlyId());
  expect(await measured.listNodes({ limit: 10 })).toEqual([]);
  expect(observed).toEqual([
    ['cloudlyId', 'done', true],
    ['listNodes', 'done', true],
  ]);
});

test('a rejection of an operation is passed on, and counts as a failure', async () => {
  const broken = new Error('the disk is full');
  const { measured, observed } = setUp({
    ...createMemoryStore(),
    tidy: async () => {
      throw broken;
    },
  });
  await expect(measured.tidy(0)).rejects.toBe(broken);
  expect(observed).toEqual([['tidy', 'failed', true]]);
});
