import { expect, test } from 'vitest';
import { parseDuration } from './parse-duration.js';

test.each([
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['24h', 86_400_000],
  ['7d', 604_800_000],
  ['0s', 0],
])('%s is %d ms', (text, durationMs) => {
  expect(parseDuration(text)).toBe(durationMs);
});

test.each(['', '24', 'h', '-1h', '1.5h', '1H', '1 h', '1h30m', '1w', '1h ', '٣h', '99999999999999h', 'constructor'])(
  '"%s" is not a duration',
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);
