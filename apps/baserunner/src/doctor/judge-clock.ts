import { fail, type Judgement, pass, warn } from './finding.js';
import type { NetworkFacts } from './probe-network.js';

export interface ClockFacts {
  nowMs: number;
  /** When this program was built, if it knows. */
  builtMs: number | undefined;
  /** How far the device's clock is ahead of Cloudly's; unknown where Cloudly did not answer. */
  skewMs: number | undefined;
}

const SKEW_WARN_MS = 60_000;
const SKEW_FAIL_MS = 24 * 3_600_000;

const remedy =
  'See that the device gets the time: NTP (UDP port 123) has to get through, or name a server of your own (on balenaOS, ntpServers in config.json).';

export function judgeClock({ nowMs, builtMs, skewMs }: ClockFacts): Judgement {
  const now = new Date(nowMs).toISOString();
  const facts = { now, ...(skewMs === undefined ? {} : { skewMs }) };
  if (builtMs !== undefined && nowMs < builtMs) {
    const built = new Date(builtMs).toISOString().slice(0, 10);
    return fail(
      `It is ${now} by the device's clock, which is before this program was built (${built}).`,
      remedy,
      facts,
    );
  }
  if (skewMs === undefined)
    return pass(`It is ${now} by the device's clock; there is no other to compare it with.`, facts);
  const size = Math.abs(skewMs);
  const direction = skewMs > 0 ? 'ahead of' : 'behind';
  if (size < SKEW_WARN_MS)
    return pass(`The device's clock agrees with Cloudly's within ${Math.ceil(size / 1000)} s.`, facts);
  const message = `The device's clock is ${inWords(size)} ${direction} Cloudly's: it says ${now}.`;
  return size < SKEW_FAIL_MS ? warn(message, remedy, facts) : fail(message, remedy, facts);
}

/** From Cloudly's answer, if one came that tells the time. */
export function clockSkew(facts: NetworkFacts | undefined): number | undefined {
  if (facts?.presence?.kind !== 'done') return undefined;
  const { outcome, wallMs } = facts.presence.value;
  if (outcome.kind !== 'present' || outcome.serverTime === undefined) return undefined;
  const serverMs = Date.parse(outcome.serverTime);
  return Number.isNaN(serverMs) ? undefined : Math.round(wallMs - serverMs);
}

function inWords(durationMs: number): string {
  const minutes = Math.round(durationMs / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
