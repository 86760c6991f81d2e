import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VirtualClock } from './virtual-clock.js';

test('wakes sleepers in the order of time, and of two at once the one that fell asleep first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 50 }), { maxLength: 200 }), async (durations) => {
      const clock = new VirtualClock();
      const woken: { durationMs: number; index: number; atMs: number }[] = [];
      const { signal } = new AbortController();
      for (const [index, durationMs] of durations.entries()) {
        void clock.sleep(durationMs, signal).then(() => woken.push({ durationMs, index, atMs: clock.monotonicMs() }));
      }
      await clock.advance(50);
      expect(woken.map(({ atMs }) => atMs)).toEqual(woken.map(({ durationMs }) => durationMs));
      const expected = durations
        .map((durationMs, index) => ({ durationMs, index }))
        .toSorted((one, other) => one.durationMs - other.durationMs);
      expect(woken.map(({ index }) => index)).toEqual(expected.map(({ index }) => index));
      expect(clock.sleeping).toBe(0);
    }),
  );
});

test('wakes a sleeper at once when its signal aborts, and only once', async () => {
  const clock = new VirtualClock();
  const stopping = new AbortController();
  let woken = 0;
  void clock.sleep(1000, stopping.signal).then(() => (woken += 1));
  void clock.sleep(2000, new AbortController().signal).then(() => (woken += 1));
  stopping.abort();
  await clock.advance(1500);
  expect([woken, clock.sleeping]).toEqual([1, 1]);
  await clock.advance(500);
  expect([woken, clock.sleeping, clock.monotonicMs()]).toEqual([2, 0, 2000]);
});
