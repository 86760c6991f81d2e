/** Clocks that differ by less are reported as equal. */
const SKEW_TOLD_MS = 60_000;

/**
 * A clock that was reported as wrong counts as right again below this. The gap keeps a clock at the edge from being
 * reported with each call.
 */
const SKEW_OVER_MS = 30_000;

/** What to do about a clock that is wrong. */
export const clockRemedy =
  'Make sure the device can reach an NTP server (UDP port 123), or configure your own (on balenaOS, ntpServers in config.json).';

/**
 * How far the device's clock is from Cloudly's, in a sentence; `undefined` where they agree within a minute.
 *
 * @param skewMs how far the device's clock is ahead
 */
export function describeClockSkew(skewMs: number | undefined): string | undefined {
  if (skewMs === undefined || Math.abs(skewMs) < SKEW_TOLD_MS) return undefined;
  return `The device's clock is ${inWords(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} Cloudly's.`;
}

/** Whether a clock that was reported as wrong is right again. */
export function isClockRight(skewMs: number | undefined): boolean {
  return skewMs !== undefined && Math.abs(skewMs) < SKEW_OVER_MS;
}

/**
 * A sentence if the clock is certainly wrong. No other clock is needed for that.
 *
 * @param builtMs when this program was built, if it knows
 */
export function describeEarlyClock(nowMs: number, builtMs: number | undefined): string | undefined {
  return builtMs !== undefined && nowMs < builtMs
    ? `It is ${new Date(nowMs).toISOString()} by the device's clock, which is earlier than the build of this program (${new Date(builtMs).toISOString().slice(0, 10)}).`
    : undefined;
}

function inWords(durationMs: number): string {
  const minutes = Math.round(durationMs / 60_000);
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  if (hours < 48) return `${hours} hours`;
  const days = Math.round(hours / 24);
  return days < 730 ? `${days} days` : `${Math.round(days / 365.25)} years`;
}
