import { createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { serveFleet } from './serve-fleet.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('a server looks every few seconds which nodes are no longer heard, without any request, until it closes', async () => {
  let sweepCount = 0;
  const store = {
    ...createMemoryStore(),
    sweep: async () => {
      sweepCount += 1;
      return { moved: [], isMore: false };
    },
  };
  const { close } = await serveFleet(store, await store.cloudlyId(), {});
  expect(sweepCount).toBe(0);
  vi.advanceTimersByTime(5000);
  await expect.poll(() => sweepCount).toBe(1);
  await close();
  vi.advanceTimersByTime(60_000);
  expect(sweepCount).toBe(1);
});

test('a server looks after rollouts, until it closes', async () => {
  const memory = createMemoryStore();
  let lookCount = 0;
  const store: typeof memory = {
    ...memory,
    as(caller) {
      const own = memory.as(caller);
      const listRollouts: typeof own.listRollouts = (query) => {
        lookCount += 1;
        return own.listRollouts(query);
      };
      return { ...own, listRollouts };
    },
  };
  const { close } = await serveFleet(store, await store.cloudlyId(), {});
  await expect.poll(() => lookCount).toBeGreaterThan(0);
  await close();
  const countAtEnd = lookCount;
  await store.renewEvents(0, { actor: 'system', nowMs: 0 });
  expect(lookCount).toBe(countAtEnd);
});
