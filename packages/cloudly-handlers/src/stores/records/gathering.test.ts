import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createLatch } from '../../../test/fixtures/latch.js';
import { createGathering, type GatheringOptions } from './gathering.js';

function setUp(options: Partial<GatheringOptions<number, number>> = {}) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const batches: number[][] = [];
  const gathering = createGathering<number, number>({
    gatherMs: 2,
    batchMax: 3,
    parallelMax: 2,
    work: async (items) => {
      batches.push([...items]);
      return items.map((item) => item * 10);
    },
    ...options,
  });
  return { batches, ...gathering };
}

describe('a gathering', () => {
  test('makes nobody wait who is alone', async () => {
    const { batches, ask } = setUp();
    expect(await ask(1)).toBe(10);
    await vi.advanceTimersByTimeAsync(2);
    expect(await ask(2)).toBe(20);
    expect(batches).toEqual([[1], [2]]);
  });

  test('has one batch for what is asked in one turn, and each gets its own result', async () => {
    const { batches, ask } = setUp();
    expect(await Promise.all([3, 1, 2].map(ask))).toEqual([30, 10, 20]);
    expect(batches).toEqual([[3, 1, 2]]);
  });

  test('gathers for a moment soon after a batch, and no longer', async () => {
    const { batches, ask } = setUp();
    await ask(1);
    const second = ask(2);
    await vi.advanceTimersByTimeAsync(1);
    const third = ask(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(await Promise.all([second, third])).toEqual([20, 30]);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  test('lets no slow batch hold up the next one, and never has too many at a time', async () => {
    const slow = createLatch();
    let runningCount = 0;
    let runningMax = 0;
    const { ask } = setUp({
      work: async (items) => {
        runningMax = Math.max(runningMax, (runningCount += 1));
        if (items.includes(1)) await slow.opened;
        runningCount -= 1;
        return items;
      },
    });
    const first = ask(1);
    await vi.advanceTimersByTimeAsync(0);
    const others = Promise.all(Array.from({ length: 9 }, (_, index) => ask(index + 2)));
    await vi.advanceTimersByTimeAsync(20);
    expect(await others).toHaveLength(9);
    slow.open();
    expect(await first).toBe(1);
    expect(runningMax).toBe(2);
  });

  test('rejects each of a batch that fails, and works on', async () => {
    let failures = 1;
    const { ask } = setUp({
      work: async (items) => {
        if ((failures -= 1) >= 0) throw new Error('lost');
        return items;
      },
    });
    const outcomes = await Promise.allSettled([1, 2].map(ask));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await vi.advanceTimersByTimeAsync(2);
    expect(await ask(3)).toBe(3);
  });
});
