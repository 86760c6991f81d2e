import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeReason, type Pace, waitMs, waitReason } from './backoff.js';

const minute = 60_000;
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const intervalMs = fc.integer({ min: 1000, max: 3_600_000 });

function wait(pace: Pace, share: number, interval = minute): number {
  return waitMs(pace, { intervalMs: interval, startSpreadMs: interval }, share);
}

describe('the wait after failures', () => {
  test.each([
    [1, 30_000, 60_000],
    [2, 60_000, 120_000],
    [3, 120_000, 240_000],
    [4, 150_000, 300_000],
    [5000, 150_000, 300_000],
  ])('after %i in a row is from %i to %i ms', (failures, from, to) => {
    expect(wait({ kind: 'backoff', failures }, 0)).toBe(from);
    expect(wait({ kind: 'backoff', failures }, 0.999_999)).toBeCloseTo(to, -3);
  });

  test('lies in the upper half of a ceiling that never falls and is at most five minutes', () => {
    fc.assert(
      fc.property(intervalMs, fc.integer({ min: 1, max: 2000 }), fraction, (interval, failures, share) => {
        const ceiling = Math.min(5 * minute, interval * 2 ** (failures - 1));
        const waited = wait({ kind: 'backoff', failures }, share, interval);
        expect(waited).toBeGreaterThanOrEqual(ceiling / 2);
        expect(waited).toBeLessThanOrEqual(ceiling);
        expect(wait({ kind: 'backoff', failures: failures + 1 }, share, interval)).toBeGreaterThanOrEqual(waited);
      }),
    );
  });

  test('is never shorter than Retry-After, which is bounded by a second and an hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 9 }), fraction, (retryAfterMs, share) => {
        const bounded = Math.min(60 * minute, Math.max(1000, retryAfterMs));
        const waited = wait({ kind: 'backoff', failures: 1, retryAfterMs }, share);
        expect(waited).toBeGreaterThanOrEqual(bounded);
        expect(waited).toBeLessThanOrEqual(Math.max(minute, bounded * 1.1));
      }),
      { examples: [[1_677_226, 0.9999994037774261]] },
    );
  });
});

describe('the slow pace', () => {
  test('is five to ten minutes', () => {
    expect(wait({ kind: 'slow-pace' }, 0)).toBe(5 * minute);
    expect(wait({ kind: 'slow-pace' }, 0.5)).toBe(7.5 * minute);
    expect(wait({ kind: 'slow-pace' }, 0.5, 1000)).toBe(7.5 * minute);
  });

  test('is the interval if that is longer', () => {
    expect(wait({ kind: 'slow-pace' }, 0, 60 * minute)).toBe(60 * minute);
  });
});

describe('the other waits', () => {
  test('follow the contract', () => {
    expect(wait({ kind: 'now' }, 0.5)).toBe(0);
    expect(wait({ kind: 'interval' }, 0.5)).toBe(minute);
    expect(wait({ kind: 'start-spread' }, 0.25)).toBe(15_000);
    expect(wait({ kind: 'retry-after', retryAfterMs: 10_000 }, 0.5)).toBe(10_500);
    expect(wait({ kind: 'dormant-probe' }, 0)).toBe(60 * minute);
    expect(wait({ kind: 'dormant-probe' }, 0.999)).toBeLessThan(66 * minute);
  });

  test('spread the full status over a tenth of the interval, at most thirty seconds', () => {
    expect(wait({ kind: 'status-requested' }, 0.5)).toBe(3000);
    expect(wait({ kind: 'status-requested' }, 0.5, 60 * minute)).toBe(15_000);
  });

  test('are never negative and never longer than an hour and six minutes', () => {
    const pace = fc.oneof(
      fc.constantFrom<Pace>({ kind: 'now' }, { kind: 'interval' }, { kind: 'slow-pace' }, { kind: 'dormant-probe' }),
      fc.record({ kind: fc.constant('backoff' as const), failures: fc.nat(), retryAfterMs: fc.nat() }),
      fc.record({ kind: fc.constant('retry-after' as const), retryAfterMs: fc.nat() }),
    );
    fc.assert(
      fc.property(pace, intervalMs, fraction, (somePace, interval, share) => {
        const waited = wait(somePace, share, interval);
        expect(waited).toBeGreaterThanOrEqual(0);
        expect(waited).toBeLessThanOrEqual(66 * minute);
      }),
    );
  });
});

describe('the reason of a wait', () => {
  const reason = (pace: Pace) => waitReason(pace, { intervalMs: minute, startSpreadMs: minute }, 0);

  test('is the kind of its pace', () => {
    expect(reason({ kind: 'slow-pace' })).toEqual({ kind: 'slow-pace' });
    expect(reason({ kind: 'retry-after', retryAfterMs: 5 })).toEqual({ kind: 'retry-after' });
  });

  test('counts the failures that led to it', () => {
    expect(reason({ kind: 'backoff', failures: 4 })).toEqual({ kind: 'backoff', failures: 4 });
  });

  test('is whichever was longer: the backoff, or the Retry-After of an answer without a verdict', () => {
    expect(reason({ kind: 'backoff', failures: 1, retryAfterMs: 30_000 }).kind).toBe('backoff');
    expect(reason({ kind: 'backoff', failures: 1, retryAfterMs: 30_001 })).toEqual({
      kind: 'retry-after',
      failures: 1,
    });
  });

  test('is shown in the status, with the number of failures for a backoff', () => {
    expect(describeReason({ kind: 'backoff', failures: 4 })).toBe('backoff 4');
    expect(describeReason({ kind: 'retry-after', failures: 1 })).toBe('retry-after');
    expect(describeReason({ kind: 'interval' })).toBe('interval');
  });
});
