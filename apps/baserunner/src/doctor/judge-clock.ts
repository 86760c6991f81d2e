import { clockRemedy, describeClockSkew, describeEarlyClock } from '@serve.zone/baseos-runner-core';
import { fail, type Judgement, pass, warn } from './finding.js';
import { worked } from '../facts/attempt.js';
import type { NetworkFacts } from '../facts/probe-network.js';

export interface ClockFacts {
  nowMs: number;
  /** When this program was built, if it knows. */
  builtMs: number | undefined;
  /** How far the device's clock is ahead of Cloudly's; `undefined` if Cloudly did not answer. */
  skewMs: number | undefined;
  /** Which certificate was rejected because of its validity period, if one was. */
  certificate?: OutOfTime | undefined;
}

export interface OutOfTime {
  of: 'Cloudly' | 'the proxy';
  end: 'not-yet-valid' | 'expired';
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
  const message = `${skew} It shows ${now}.`;
  return Math.abs(skewMs) < SKEW_FAIL_MS ? warn(message, clockRemedy, facts) : fail(message, clockRemedy, facts);
}

function unknown(now: string, facts: Judgement['facts']): Judgement {
  return pass(`The device's clock shows ${now}. There is no other clock to compare it with.`, facts);
}

/** A certificate that is not valid yet or has expired, by the device's clock only. */
function doubt(now: string, { of, end }: OutOfTime, facts: Judgement['facts']): Judgement {
  return warn(
    end === 'not-yet-valid'
      ? `The device's clock shows ${now}, so the certificate of ${of} is not valid yet. The clock is probably behind.`
      : `The device's clock shows ${now}, so the certificate of ${of} has expired, unless the clock is ahead.`,
    clockRemedy,
    facts,
  );
}

/** From Cloudly's answer, if it contains the time. */
export function clockSkew(facts: NetworkFacts | undefined): number | undefined {
  if (facts?.presence?.kind !== 'done') return undefined;
  const { outcome, wallMs } = facts.presence.value;
  if (outcome.kind !== 'present' || outcome.serverTime === undefined) return undefined;
  const serverMs = Date.parse(outcome.serverTime);
  return Number.isNaN(serverMs) ? undefined : Math.round(wallMs - serverMs);
}

/** From the certificate that was rejected, if the time was the reason. A proxy's certificate comes before Cloudly's. */
export function certificateTime(facts: NetworkFacts | undefined): OutOfTime | undefined {
  for (const { tls } of facts?.handshakes ?? []) {
    if (tls.kind !== 'done') continue;
    const code = worked(tls) ? tls.value.value.refusal : tls.value.ok ? undefined : tls.value.code;
    const of = worked(tls) || facts?.proxyAddress === undefined ? 'Cloudly' : 'the proxy';
    if (code === 'CERT_NOT_YET_VALID') return { of, end: 'not-yet-valid' };
    if (code === 'CERT_HAS_EXPIRED') return { of, end: 'expired' };
  }
  return undefined;
}
