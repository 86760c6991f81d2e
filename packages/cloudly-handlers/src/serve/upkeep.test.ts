import { expect, test } from 'vitest';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';

const MINUTE_MS = 60_000;

function setUp(tidy: (nowMs: number) => Promise<boolean>) {
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
}

/** One request a minute for as long. */
async function pass({ cloudly, ask }: ReturnType<typeof setUp>, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    cloudly.advance(MINUTE_MS);
    await ask();
  }
}

test('the store drops expired records between requests, every ten minutes, once the clock has run evenly for an hour', async () => {
  const set = setUp(async () => false);
  await set.ask();
  await pass(set, 85);
  expect(set.tidiedAtMs()).toEqual([60 * MINUTE_MS, 70 * MINUTE_MS, 80 * MINUTE_MS]);
});

test('the store continues a second later if there is more to drop', async () => {
  let left = 3;
  const set = setUp(async () => (left -= 1) > 0);
  await set.ask();
  await pass(set, 60);
  for (let second = 0; second < 6; second += 1) {
    set.cloudly.advance(1000);
    await set.ask();
  }
  expect(set.tidiedAtMs()).toEqual([0, 1000, 2000].map((afterMs) => 60 * MINUTE_MS + afterMs));
});

test('a failure is reported, and retried the next time', async () => {
  const set = setUp(() => Promise.reject(new Error('locked')));
  await set.ask();
  await pass(set, 70);
  expect(set.tidiedAtMs()).toEqual([60 * MINUTE_MS, 70 * MINUTE_MS]);
  await expect.poll(() => set.cloudly.errors.map(String)).toEqual(['Error: locked', 'Error: locked']);
});

test.each([
  ['ahead', 100 * 24 * 60 * MINUTE_MS],
  ['a little ahead', 2 * MINUTE_MS],
  ['behind', -60 * MINUTE_MS],
])('nothing is dropped by a clock that is %s for one request', async (_where, byMs) => {
  const set = setUp(async () => false);
  await set.ask();
  await pass(set, 65);
  const before = set.tidiedAtMs().length;
  set.cloudly.advance(10 * MINUTE_MS);
  set.cloudly.setClock(byMs);
  await set.ask();
  set.cloudly.setClock(-byMs);
  await set.ask();
  await pass(set, 59);
  expect(set.tidiedAtMs()).toHaveLength(before);
  await pass(set, 1);
  expect(set.tidiedAtMs()).toHaveLength(before + 1);
});

test('a clock that was changed permanently is trusted an hour later', async () => {
  const set = setUp(async () => false);
  await set.ask();
  await pass(set, 65);
  set.cloudly.setClock(-24 * 60 * MINUTE_MS);
  await pass(set, 60);
  expect(set.tidiedAtMs()).toHaveLength(1);
  await pass(set, 1);
  expect(set.tidiedAtMs()).toHaveLength(2);
});

test('a clock that NTP corrects step by step stays trusted', async () => {
  const set = setUp(async () => false);
  await set.ask();
  for (let minute = 0; minute < 120; minute += 1) {
    set.cloudly.setClock(400);
    await pass(set, 1);
  }
  expect(set.tidiedAtMs()).toHaveLength(7);
});
