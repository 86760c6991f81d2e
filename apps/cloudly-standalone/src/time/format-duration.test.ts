import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAgo, formatDuration, formatShortDuration, formatShortWhen } from './format-duration.js';

test.each([
  [-5, '0 s', '0 s'],
  [999, '0 s', '0 s'],
  [119_000, '119 s', '119 s'],
  [120_000, '2 min', '2 min'],
  [3_599_000, '59 min', '59 min'],
  [3_600_000, '1 h', '60 min'],
  [7_199_000, '1 h 59 min', '119 min'],
  [86_399_000, '23 h 59 min', '23 h'],
  [86_400_000, '1 d', '24 h'],
  [172_799_000, '1 d 23 h', '47 h'],
  [172_800_000, '2 d', '2 d'],
  [864_000_000, '10 d', '10 d'],
  [90_000_000_000, '1041 d', '1041 d'],
])('%d ms are %s, in a column %s', (durationMs, text, short) => {
  expect(formatDuration(durationMs)).toBe(text);
  expect(formatShortDuration(durationMs)).toBe(short);
});

test('at most two units are named, and what they leave out is less than the smaller one', () => {
  const unitsMs: Record<string, number> = { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2e11 }), (durationMs) => {
      const pairs = Array.from(formatDuration(durationMs).matchAll(/(\d+) ([a-z]+)/g));
      expect([1, 2]).toContain(pairs.length);
      const namedMs = pairs.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (unitsMs[unit] ?? NaN), 0);
      const smallestMs = durationMs >= 864_000_000 ? 86_400_000 : durationMs >= 86_400_000 ? 3_600_000 : 60_000;
      expect(durationMs - namedMs).toBeGreaterThanOrEqual(0);
      expect(durationMs - namedMs).toBeLessThan(smallestMs);
    }),
  );
});

test.each([
  [1000, 1000, 'just now'],
  [2000, 1000, 'just now'],
  [1000, 4000, '3 s ago'],
  [0, 180_000, '3 min ago'],
])('%d at %d was %s', (atMs, nowMs, text) => {
  expect(formatAgo(atMs, nowMs)).toBe(text);
});

test.each([
  [180_000, 0, 'in 3 min'],
  [0, 0, 'just now'],
  [0, 180_000, '3 min ago'],
])('%d at %d is %s', (atMs, nowMs, text) => {
  expect(formatShortWhen(atMs, nowMs)).toBe(text);
});
