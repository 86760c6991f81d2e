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
