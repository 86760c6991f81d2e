import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHttpDate } from './http-date.js';

const EXAMPLE_MS = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('an HTTP-date', () => {
  test.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'is parsed in each form of RFC 9110: %s',
    (text) => {
      expect(parseHttpDate(text)).toBe(EXAMPLE_MS);
    },
  );

  test('survives a round trip for any second of the four-digit years', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseHttpDate(date.toUTCString())).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });

  test('may name a leap second', () => {
    expect(parseHttpDate('Sat, 31 Dec 2016 23:59:60 GMT')).toBe(Date.UTC(2017, 0, 1));
  });

  test('takes a two-digit year as one near the present', () => {
    expect(parseHttpDate('Monday, 23-Nov-26 16:00:00 GMT')).toBe(Date.UTC(2026, 10, 23, 16));
    expect(parseHttpDate('Friday, 23-Nov-70 16:00:00 GMT')).toBe(Date.UTC(1970, 10, 23, 16));
  });

  test.each([
    '',
    '12',
    'tomorrow',
    '1994-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 CET',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 31 Feb 1994 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:37 GMT',
    'Sun, 06 Nov 1994 08:49:61 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
  ])('is not: %j', (text) => {
    expect(parseHttpDate(text)).toBeUndefined();
  });

  test('parses to a whole number of milliseconds or nothing, for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseHttpDate(text)).toBeUndefined();
      }),
    );
  });
});
