import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HistoryResolution, oldestSlotMs } from '../../fleet/history.js';
import { partitionSpansMs, planPartitions } from './plan-partitions.js';

const resolutions: readonly HistoryResolution[] = ['detail', 'hours'];
const instant = fc.integer({ min: 0, max: Date.UTC(2200, 0) });

describe('the partitions of history', () => {
  test('cover now and what comes next, without a gap', () => {
    fc.assert(
      fc.property(fc.constantFrom(...resolutions), instant, (resolution, nowMs) => {
        const { missing } = planPartitions(resolution, { nowMs, oldestMs: 0, names: [] });
        expect(missing).toHaveLength(3);
        expect(missing[0]?.fromMs).toBeLessThanOrEqual(nowMs);
        expect(missing[0]?.toMs).toBeGreaterThan(nowMs);
        for (const [index, { fromMs }] of missing.slice(1).entries()) expect(fromMs).toBe(missing[index]?.toMs);
      }),
    );
  });

  test('are made once, and dropped when all in them is too old, and not before', () => {
    fc.assert(
      fc.property(fc.constantFrom(...resolutions), fc.array(instant), (resolution, instants) => {
        const there = new Map<string, { fromMs: number; toMs: number }>();
        for (const nowMs of instants.toSorted((one, other) => one - other)) {
          const oldestMs = oldestSlotMs(nowMs, resolution);
          const { missing, expired } = planPartitions(resolution, { nowMs, oldestMs, names: [...there.keys()] });
          for (const { name } of missing) expect(there.has(name)).toBe(false);
          for (const partition of missing) there.set(partition.name, partition);
          for (const { name } of expired) there.delete(name);
          for (const { toMs } of expired) expect(toMs).toBeLessThanOrEqual(oldestMs);
          for (const { toMs } of there.values()) expect(toMs).toBeGreaterThan(oldestMs);
        }
      }),
    );
  });

  test('are none where nothing is kept', () => {
    const oldestMs = Number.MAX_SAFE_INTEGER;
    const names = ['history_detail_20787'];
    const { missing, expired } = planPartitions('detail', { nowMs: 20787 * partitionSpansMs.detail, oldestMs, names });
    expect([missing, expired.map(({ name }) => name)]).toEqual([[], names]);
  });

  test('leave other tables alone', () => {
    const names = ['history_detail_rest', 'history_detail_0x1', 'history_detail_01', 'history_hours_1', 'other_1'];
    expect(planPartitions('detail', { nowMs: 0, oldestMs: 1e15, names }).expired).toEqual([]);
  });
});
