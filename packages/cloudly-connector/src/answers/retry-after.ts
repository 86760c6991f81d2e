import { limits } from '@serve.zone/baseos-contracts';
import { parseHttpDate } from './http-date.js';

/**
 * How long an answer asks to wait (RFC 9110, 10.2.3), within the contract's limits; `undefined` if it does not ask, or not
 * in a valid form.
 *
 * A date is compared with the `Date` of the same answer, not with the device's clock, which may be years off. Without a
 * `Date` it is ignored.
 */
export function parseRetryAfter(retryAfter: string | undefined, date: string | undefined): number | undefined {
  const waitMs = retryAfter === undefined ? undefined : askedWaitMs(retryAfter.trim(), date?.trim());
  return waitMs === undefined
    ? undefined
    : Math.min(limits.retryAfterMaxMs, Math.max(limits.retryAfterMinMs, Math.round(waitMs)));
}

function askedWaitMs(retryAfter: string, date: string | undefined): number | undefined {
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const until = parseHttpDate(retryAfter);
  const from = date === undefined ? undefined : parseHttpDate(date);
  return until === undefined || from === undefined ? undefined : until - from;
}
