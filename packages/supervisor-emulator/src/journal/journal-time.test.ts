import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseJournalTime } from './journal-time.js';

const now = Date.UTC(2026, 10, 23, 12, 30);

test.each([
  ['2026-11-23 01:14:28', '2026-11-23T01:14:28.000Z'],
  ['2026-11-23 01:14:28.5', '2026-11-23T01:14:28.500Z'],
  ['2026-11-23 01:14', '2026-11-23T01:14:00.000Z'],
  ['2026-11-23', '2026-11-23T00:00:00.000Z'],
  ['26-11-23', '2026-11-23T00:00:00.000Z'],
  ['Mon 2026-11-23 01:14:28 UTC', '2026-11-23T01:14:28.000Z'],
  ['2026-11-23T01:14:28Z', '2026-11-23T01:14:28.000Z'],
  ['2026-11-23T01:14:28+00:00', '2026-11-23T01:14:28.000Z'],
  ['01:14:28', '2026-11-23T01:14:28.000Z'],
  ['01:14', '2026-11-23T01:14:00.000Z'],
  ['now', '2026-11-23T12:30:00.000Z'],
  ['today', '2026-11-23T00:00:00.000Z'],
  ['yesterday', '2026-11-22T00:00:00.000Z'],
  ['tomorrow', '2026-11-24T00:00:00.000Z'],
  ['@1795396468', '2026-11-23T01:14:28.000Z'],
  ['@1795396468.25', '2026-11-23T01:14:28.250Z'],
  ['-90s', '2026-11-23T12:28:30.000Z'],
  ['-90', '2026-11-23T12:28:30.000Z'],
  ['+1h 5min', '2026-11-23T13:35:00.000Z'],
  ['1h5min ago', '2026-11-23T11:25:00.000Z'],
  ['2 days ago', '2026-11-21T12:30:00.000Z'],
  ['1 week left', '2026-11-30T12:30:00.000Z'],
  ['-250ms', '2026-11-23T12:29:59.750Z'],
])('%s is %s', (text, expected) => {
  expect(new Date((parseJournalTime(text, now) ?? Number.NaN) / 1000).toISOString()).toBe(expected);
});

test.each([
  '',
  ' ',
  'lately',
  '5',
  '1795396468',
  '2026-02-31',
  '2026-13-01',
  '25:00',
  '01:60',
  '-',
  '-5 parsecs',
  'ago',
])('%j is not a time', (text) => {
  expect(parseJournalTime(text, now)).toBeUndefined();
});

test('parses any text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(Number.isNaN(parseJournalTime(text, now))).toBe(false);
    }),
  );
});
