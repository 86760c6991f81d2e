import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRateLimit } from './rate-limit.js';

const options = { max: 3, windowMs: 1000, keysMax: 100 };

describe('a rate limit', () => {
  test('lets a number of calls through per window, and then says how long to wait', () => {
    const limit = createRateLimit(options);
    for (const atMs of [0, 100, 200]) {
      expect(limit.waitMs('a', atMs)).toBe(0);
      limit.count('a', atMs);
    }
    expect(limit.waitMs('a', 200)).toBe(800);
    expect(limit.waitMs('a', 999)).toBe(1);
    expect(limit.waitMs('a', 1000)).toBe(0);
    expect(limit.waitMs('b', 200)).toBe(0);
  });

  test('starts a new window with the first call after the last one', () => {
    const limit = createRateLimit(options);
    for (let count = 0; count < 3; count += 1) limit.count('a', 0);
    for (let count = 0; count < 3; count += 1) limit.count('a', 5000);
    expect(limit.waitMs('a', 5999)).toBe(1);
  });

  test('ends a window when the clock is set back', () => {
    const limit = createRateLimit(options);
    for (let count = 0; count < 3; count += 1) limit.count('a', 1e9);
    expect(limit.waitMs('a', 0)).toBe(0);
  });

  test('forgets the keys counted longest ago before it holds too many', () => {
    const limit = createRateLimit({ ...options, max: 1, keysMax: 2 });
    for (const key of ['a', 'b', 'a', 'c']) limit.count(key, 0);
    expect(['a', 'b', 'c'].map((key) => limit.waitMs(key, 0) > 0)).toEqual([true, false, true]);
  });

  test('lets no key through more often than twice its number in any span of one window', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 400 }), { maxLength: 60 }), (gaps) => {
        const limit = createRateLimit(options);
        const passed: number[] = [];
        let nowMs = 0;
        for (const gap of gaps) {
          nowMs += gap;
          if (limit.waitMs('a', nowMs) > 0) continue;
          limit.count('a', nowMs);
          passed.push(nowMs);
        }
        for (const start of passed) {
          const within = passed.filter((atMs) => atMs >= start && atMs < start + options.windowMs);
          expect(within.length).toBeLessThanOrEqual(2 * options.max);
        }
      }),
    );
  });
});
