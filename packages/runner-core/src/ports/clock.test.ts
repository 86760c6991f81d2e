import { describe, expect, test } from 'vitest';
import { systemClock } from './clock.js';

const never = new AbortController().signal;

describe('the clock of this machine', () => {
  test('never wakes a sleeper early, so that no turn of the loop is split in two', async () => {
    const early: number[] = [];
    const sleep = async (durationMs: number): Promise<void> => {
      const startedMs = systemClock.monotonicMs();
      await systemClock.sleep(durationMs, never);
      const sleptMs = systemClock.monotonicMs() - startedMs;
      if (sleptMs < durationMs) early.push(durationMs - sleptMs);
    };
    await Promise.all(Array.from({ length: 200 }, async (_, index) => sleep(index / 9.7)));
    expect(early).toEqual([]);
  });

  test('ends a sleep at once when aborted, before and during it', async () => {
    const abort = new AbortController();
    const asleep = systemClock.sleep(3_600_000, abort.signal);
    abort.abort();
    await asleep;
    await systemClock.sleep(3_600_000, abort.signal);
    expect(abort.signal.aborted).toBe(true);
  });
});
