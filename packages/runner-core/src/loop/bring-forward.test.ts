import { expect, test } from 'vitest';
import type { Pace } from './backoff.js';
import { bringForward } from './bring-forward.js';

function planned(kind: Pace['kind'], atMonotonicMs = 60_000) {
  return { reason: { kind }, atMonotonicMs, atWallMs: 1_000_000 + atMonotonicMs };
}

const paces: Record<Pace['kind'], boolean> = {
  now: false,
  'start-spread': true,
  interval: true,
  'status-requested': false,
  backoff: false,
  'retry-after': false,
  'slow-pace': false,
  'dormant-probe': false,
};

test.each(Object.entries(paces))('news of a command shorten the wait "%s": %s', (kind, isShortened) => {
  const plan = planned(kind as Pace['kind']);
  const { atMonotonicMs, atWallMs } = bringForward(plan, { nowMs: 20_000, lastMs: undefined });
  expect([atMonotonicMs, atWallMs]).toEqual(isShortened ? [20_000, 1_020_000] : [60_000, 1_060_000]);
});

test('news bring a heartbeat forward at most once in five seconds', () => {
  const at = (nowMs: number) => bringForward(planned('interval'), { nowMs, lastMs: 20_000 }).atMonotonicMs;
  expect([20_001, 24_999, 25_000, 26_000].map(at)).toEqual([25_000, 25_000, 25_000, 26_000]);
});

test('news never put a heartbeat off', () => {
  expect(bringForward(planned('interval', 22_000), { nowMs: 21_000, lastMs: 20_000 }).atMonotonicMs).toBe(22_000);
});
