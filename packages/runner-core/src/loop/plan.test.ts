import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../test/virtual-clock.js';
import type { Pace } from './backoff.js';
import { planAfter } from './plan.js';

const minute = 60_000;
const settings = { intervalMs: minute, startSpreadMs: minute };

/** How long is left to wait after a turn that took so long. */
async function leftAfter(turnMs: number, pace: Pace): Promise<number> {
  const clock = new VirtualClock();
  await clock.advance(turnMs);
  const plan = planAfter(pace, { turnStartedMs: 0, settings, fraction: 0, clock });
  expect(plan.atWallMs - clock.wallMs()).toBe(plan.atMonotonicMs - clock.monotonicMs());
  return plan.atMonotonicMs - clock.monotonicMs();
}

describe('the interval', () => {
  test.each([
    [0, 60_000],
    [20_000, 40_000],
    [30_000, 30_000],
  ])('counts from the beginning of the turn: after one of %i ms, %i ms are left', async (turnMs, leftMs) => {
    expect(await leftAfter(turnMs, { kind: 'interval' })).toBe(leftMs);
  });

  test.each([31_000, 60_000, 600_000])(
    'leaves at least half of itself as wait, however long a turn took (%i ms)',
    async (turnMs) => {
      expect(await leftAfter(turnMs, { kind: 'interval' })).toBe(30_000);
    },
  );
});

describe('every other wait', () => {
  test.each<Pace>([
    { kind: 'backoff', failures: 1 },
    { kind: 'slow-pace' },
    { kind: 'retry-after', retryAfterMs: minute },
  ])('counts from the end of the turn ($kind)', async (pace) => {
    expect(await leftAfter(20_000, pace)).toBe(await leftAfter(0, pace));
  });
});

test('a plan gives the reason for its wait', () => {
  const clock = new VirtualClock();
  const plan = planAfter({ kind: 'backoff', failures: 3 }, { turnStartedMs: 0, settings, fraction: 0, clock });
  expect(plan).toMatchObject({ reason: { kind: 'backoff', failures: 3 }, atMonotonicMs: 2 * minute });
});
