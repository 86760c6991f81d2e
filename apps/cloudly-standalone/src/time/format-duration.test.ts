import { expect, test } from 'vitest';
import { formatDuration } from './format-duration.js';

test.each([
  [-5, '0 s'],
  [999, '0 s'],
  [119_000, '119 s'],
  [120_000, '2 min'],
  [7_199_000, '119 min'],
  [7_200_000, '2 h'],
  [172_799_000, '47 h'],
  [172_800_000, '2 d'],
])('%d ms are %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
