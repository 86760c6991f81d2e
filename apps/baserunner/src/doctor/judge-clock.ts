import { clockRemedy, describeClockSkew, describeEarlyClock } from '@serve.zone/baseos-runner-core';
import { fail, type Judgement, pass, warn } from './finding.js';
import { type NetworkFacts, worked } from './probe-network.js';

export interface ClockFacts {
  nowMs: number;
  /** When this program was built, if it knows. */
  builtMs: number | undefined;
  /** How far the device's clock is ahead of Cloudly's; unknown where Cloudly did not answer. */
  skewMs: number | undefined;
  /** By which end of its time the certificate of Cloudly was refused, if it was. */
  certificate?: 'not-yet-valid' | 'expired' | undefined;
}

const SKEW_FAIL_MS = 24 * 3_600_000;

export function judgeClock({ nowMs, builtMs, skewMs, certificate }: ClockFacts): Judgement {
  const now = new Date(nowMs).toISOString();
  const facts = { now, ...(skewMs === undefined ? {} : { skewMs }) };
  const early = describeEarlyClock(nowMs, builtMs);
  if (early !== undefined) return fail(early, clockRemedy, facts);
  if (skewMs === undefined) return certificate === undefined ? unknown(now, facts) : doubt(now, certificate, facts);
  const skew = describeClockSkew(skewMs);
  if (skew === undefined) {
    return pass(`The device's clock agrees with Cloudly's within ${Math.ceil(Math.abs(skewMs) / 1000)} s.`, facts);
  }
  const message = `${skew} It says ${now}.`;
  return Math.abs(skewMs) < SKEW_FAIL_MS ? warn(message, clockRemedy, facts) : fail(message, clockRemedy, facts);
}

const unknown = (now: string, facts: Judgement['facts']): Judgement =>
  pass(`It is ${now} by the device's clock; there is no other to compare it with.`, facts);

/** A certificate that has begun or ended its time by nobody else's clock. */
const doubt = (now: string, certificate: 'not-yet-valid' | 'expired', facts: Judgement['facts']): Judgement =>
  warn(
    certificate === 'not-yet-valid'
      ? `It is ${now} by the device's clock, and by that Cloudly's certificate is not valid yet: the clock is probably behind.`
      : `It is ${now} by the device's clock, and by that Cloudly's certificate has expired: either it has, or the clock is ahead.`,
    clockRemedy,
    facts,
  );

/** From Cloudly's answer, if one came that tells the time. */
export function clockSkew(facts: NetworkFacts | undefined): number | undefined {
  if (facts?.presence?.kind !== 'done') return undefined;
  const { outcome, wallMs } = facts.presence.value;
  if (outcome.kind !== 'present' || outcome.serverTime === undefined) return undefined;
  const serverMs = Date.parse(outcome.serverTime);
  return Number.isNaN(serverMs) ? undefined : Math.round(wallMs - serverMs);
}

/** From the certificate that was refused, Cloudly's or its proxy's, if its time was why. */
export function certificateTime(facts: NetworkFacts | undefined): ClockFacts['certificate'] {
  const refusals = new Set(
    (facts?.handshakes ?? []).map(({ tls }) =>
      worked(tls) ? tls.value.value.refusal : tls.kind === 'done' && !tls.value.ok ? tls.value.code : undefined,
    ),
  );
  if (refusals.has('CERT_NOT_YET_VALID')) return 'not-yet-valid';
  return refusals.has('CERT_HAS_EXPIRED') ? 'expired' : undefined;
}
