import { limits } from '@serve.zone/baseos-contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRetryAfter } from './retry-after.js';

const DATE = 'Sun, 06 Nov 1994 08:49:37 GMT';

function bounded(waitMs: number): number {
  return Math.min(limits.retryAfterMaxMs, Math.max(limits.retryAfterMinMs, waitMs));
}

describe('Retry-After', () => {
  test('counts seconds, within the limits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 400n }), (seconds) => {
        expect(parseRetryAfter(String(seconds), undefined)).toBe(bounded(Number(seconds) * 1000));
      }),
    );
  });

  test('counts to a date from the Date of the same answer, whatever the local clock says', () => {
    const dates = fc.date({ min: new Date(0), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, fc.integer({ min: -10_000, max: 10_000 }), (date, waitSeconds) => {
        const until = new Date(date.getTime() + waitSeconds * 1000);
        expect(parseRetryAfter(until.toUTCString(), date.toUTCString())).toBe(bounded(waitSeconds * 1000));
      }),
    );
  });

  test('is at least a second and at most an hour', () => {
    expect(parseRetryAfter('0', undefined)).toBe(1000);
    expect(parseRetryAfter('86400', undefined)).toBe(3_600_000);
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:00:00 GMT', DATE)).toBe(1000);
  });

  test('with a date means nothing if Date is absent or unreadable', () => {
    expect(parseRetryAfter(DATE, undefined)).toBeUndefined();
    expect(parseRetryAfter(DATE, 'now')).toBeUndefined();
  });

  test.each([undefined, '', ' ', '-1', '+1', '1.5', '1e3', '0x10', '12s', '٣', '5, 5', 'soon', 'Infinity'])(
    'that is malformed counts as absent: %j',
    (retryAfter) => {
      expect(parseRetryAfter(retryAfter, DATE)).toBeUndefined();
    },
  );

  test('is within the limits or absent, for any two headers', () => {
    const header = fc.oneof(fc.constantFrom(undefined, DATE), fc.string(), fc.nat().map(String));
    fc.assert(
      fc.property(header, header, (retryAfter, date) => {
        const waitMs = parseRetryAfter(retryAfter, date) ?? limits.retryAfterMinMs;
        expect(waitMs).toBe(bounded(waitMs));
      }),
    );
  });
});
