import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveRetry, retryDelayMs } from './retry.js';

function unreachable(retryable: boolean) {
  return { code: 'unreachable', retryable } as const;
}

const everyTime = resolveRetry(true);

function half() {
  return 0.5;
}

describe('another attempt', () => {
  test.each([
    ['a read whose connection failed', 'read', unreachable(true), true],
    ['a write that was not sent', 'write', unreachable(true), true],
    ['a write that may have been received', 'write', unreachable(false), false],
    [
      'a read that the proxy could not forward',
      'read',
      { code: 'supervisor-error', status: 502, retryable: true },
      true,
    ],
    ['a write that the proxy could not forward', 'write', { code: 'supervisor-error', status: 502 }, false],
    ['a read that timed out', 'read', { code: 'timeout', retryable: true }, false],
    ['a read that is locked', 'read', { code: 'locked', status: 423, retryable: true }, false],
    ['a read that failed in the Supervisor', 'read', { code: 'supervisor-error', status: 503 }, false],
    ['a read that a gateway abandoned', 'read', { code: 'supervisor-error', status: 504, retryable: true }, false],
    ['a read with a wrong key', 'read', { code: 'unauthorized', status: 401 }, false],
    ['a read that something else answers', 'read', { code: 'unexpected-response', status: 200 }, false],
  ] as const)('of %s', (_name, effect, fault, isMade) => {
    expect(retryDelayMs({ effect, fault }, 1, everyTime, half) !== undefined).toBe(isMade);
  });

  test('waits half of 1, 2, 4 and 8 s on average, and is not made a fifth time', () => {
    const delays = [1, 2, 3, 4, 5].map((attempt) =>
      retryDelayMs({ effect: 'read', fault: unreachable(true) }, attempt, everyTime, half),
    );
    expect(delays).toEqual([500, 1000, 2000, 4000, undefined]);
  });

  test('waits no longer than its ceiling, which grows to its limit, however often it was made', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.integer({ min: 1, max: 60_000 }),
        fc.integer({ min: 1, max: 60_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, firstDelayMs, maxDelayMs, chance) => {
          const options = { maxAttempts: Infinity, firstDelayMs, maxDelayMs };
          const failure = { effect: 'read', fault: unreachable(true) } as const;
          const delayMs = retryDelayMs(failure, attempt + 1, options, () => chance) ?? Number.NaN;
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThanOrEqual(attempt === 0 ? Math.min(firstDelayMs, maxDelayMs) : maxDelayMs);
        },
      ),
    );
  });
});

test('the short form of the option', () => {
  expect(resolveRetry(false).maxAttempts).toBe(1);
  expect(resolveRetry()).toEqual(resolveRetry(true));
  expect(resolveRetry({})).toEqual({ maxAttempts: 5, firstDelayMs: 1000, maxDelayMs: 30_000 });
  expect(resolveRetry({ firstDelayMs: 60_000 }).maxDelayMs).toBe(60_000);
});
