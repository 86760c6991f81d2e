import { expect, test } from 'vitest';
import { createCloudly } from './fixtures/cloudly.js';
import { createMemoryStore } from './memory-store.js';

const MINUTE_MS = 60_000;

const setUp = (tidy: (nowMs: number) => Promise<boolean>) => {
  const tidied: number[] = [];
  const cloudly = createCloudly({
    ...createMemoryStore(),
    tidy: (nowMs) => {
      tidied.push(nowMs);
      return tidy(nowMs);
    },
  });
  const startMs = cloudly.now();
  return {
    cloudly,
    ask: () => cloudly.heartbeat({}, 'guess'),
    tidiedAtMs: () => tidied.map((atMs) => atMs - startMs),
  };
};

test('the store drops what is too old beside the requests, every ten minutes', async () => {
  const { cloudly, ask, tidiedAtMs } = setUp(async () => false);
  for (let minute = 0; minute < 25; minute += 1) {
    await ask();
    cloudly.advance(MINUTE_MS);
  }
  expect(tidiedAtMs()).toEqual([0, 10 * MINUTE_MS, 20 * MINUTE_MS]);
});

test('the store goes on a second later where there is more to drop', async () => {
  let left = 3;
  const { cloudly, ask, tidiedAtMs } = setUp(async () => (left -= 1) > 0);
  for (let second = 0; second < 6; second += 1) {
    await ask();
    cloudly.advance(1000);
  }
  expect(tidiedAtMs()).toEqual([0, 1000, 2000]);
});

test('what fails is reported, and tried again the next time', async () => {
  const { cloudly, ask, tidiedAtMs } = setUp(() => Promise.reject(new Error('locked')));
  await ask();
  cloudly.advance(10 * MINUTE_MS);
  await ask();
  expect(tidiedAtMs()).toEqual([0, 10 * MINUTE_MS]);
  await expect.poll(() => cloudly.errors.map(String)).toEqual(['Error: locked', 'Error: locked']);
});

test('a clock that was set back does not put it off', async () => {
  const { cloudly, ask, tidiedAtMs } = setUp(async () => false);
  await ask();
  cloudly.advance(-60 * MINUTE_MS);
  await ask();
  expect(tidiedAtMs()).toEqual([0, -60 * MINUTE_MS]);
});
