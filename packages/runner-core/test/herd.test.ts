import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { beforeAll, describe, expect, test } from 'vitest';
import { type HerdReport, isTame, runHerd } from './herd.js';

const cores = howMany(150, 1000);

describe('agents that lose their Cloudly for ten minutes, and later their power, all at once', () => {
  let report: HerdReport;
  beforeAll(async () => {
    report = await runHerd({ cores, seed: 1 });
  }, 120_000);

  test.each(['afterOutage', 'afterPowerCut'] as const)('call at most twice as often as normal (%s)', (when) => {
    expect(report[when].peakShare).toBeGreaterThan(1);
    expect(report[when].peakShare).toBeLessThanOrEqual(2);
  });

  test.each(['afterOutage', 'afterPowerCut'] as const)('are back within six minutes, 95 of 100 (%s)', (when) => {
    expect(report[when].backAfterMs).toBeGreaterThan(0);
    expect(report[when].backAfterMs).toBeLessThanOrEqual(6 * 60_000);
  });

  test('retry during the outage', () => {
    expect(report.duringOutagePeakPerSecond).toBeGreaterThan(report.steadyPerSecond / 2);
  });
});

describe('the measurement', () => {
  test('detects a stampede if agents start without a spread', { timeout: 180_000 }, async () => {
    const { afterPowerCut, afterOutage } = await runHerd({ cores: 500, seed: 1, startSpreadMs: 0 });
    expect(afterPowerCut.peakShare).toBeGreaterThan(5);
    expect(isTame(afterPowerCut)).toBe(false);
    expect(isTame(afterOutage)).toBe(true);
  });

  test('reports both a peak and a slow return as a stampede', () => {
    const tame = { peakPerSecond: 300, peakShare: 1.8, backAfterMs: 300_000 };
    expect(isTame(tame)).toBe(true);
    expect(isTame({ ...tame, peakShare: 2.01 })).toBe(false);
    expect(isTame({ ...tame, backAfterMs: 360_001 })).toBe(false);
    expect(isTame({ ...tame, backAfterMs: Number.POSITIVE_INFINITY })).toBe(false);
  });
});
