import { expect, test } from 'vitest';
import { period } from './period.js';

test.each([
  ['30d', 30 * 24 * 3_600_000, '30d'],
  ['12H', 12 * 3_600_000, '12h'],
  ['9999d', 9999 * 24 * 3_600_000, '9999d'],
  ['0', 0, '0'],
  ['0d', 0, '0'],
])('%s is read', (text, durationMs, shown) => {
  expect(period(text)).toEqual({ ok: true, value: { durationMs, text: shown } });
});

test.each(['30', '30 d', '-1d', '1.5d', '30m', '10000d', 'never', 'd', ''])('%j is refused', (text) => {
  expect(period(text)).toMatchObject({ ok: false });
});
