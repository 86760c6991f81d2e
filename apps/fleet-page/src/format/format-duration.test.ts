import { expect, test } from 'vitest';
import { formatDuration } from './format-duration.js';

test.each([
  [0, '0 s'],
  [-5000, '0 s'],
  [12_400, '12 s'],
  [90_000, '1 min 30 s'],
  [27 * 60_000 + 5000, '27 min'],
  [2 * 3_600_000 + 48 * 60_000, '2 h 48 min'],
  [3_600_000, '1 h'],
  [26 * 3_600_000, '1 d 2 h'],
  [76 * 3_600_000, '3 d'],
])('%d ms are %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
