import { limits } from '@serve.zone/baseos-contracts';

/** Why the next call waits; how long follows from it, the interval and chance. */
export type Pace =
  | { kind: 'now' }
  /** A restart: devices that lost power together must not all call at once. */
  | { kind: 'start-spread' }
  | { kind: 'interval' }
  /** Cloudly asked for the whole status. */
  | { kind: 'status-requested' }
  /** The n-th failure in a row; `retryAfterMs` is a floor. Beyond the backoff's ceiling, Cloudly alone may give it. */
  | { kind: 'backoff'; failures: number; retryAfterMs?: number | undefined }
  /** Cloudly said when to retry. */
  | { kind: 'retry-after'; retryAfterMs: number }
  /** Only a person can help; frequent retries do not. */
  | { kind: 'slow-pace' }
  /** A revoked node asks whether it is still revoked. */
  | { kind: 'dormant-probe' };

export interface PaceSettings {
  intervalMs: number;
  startSpreadMs: number;
}

const MINUTE_MS = 60_000;
const backoffCeilingMs = 5 * MINUTE_MS;
const slowPaceMs = { from: 5 * MINUTE_MS, to: 10 * MINUTE_MS };
const dormantProbeMs = 60 * MINUTE_MS;
const fullStatusMaxMs = 30_000;
/** What is added at random to a wait that is the same for many nodes. */
const spreadShare = 0.1;

/**
 * How long to wait, in whole milliseconds.
 *
 * @param fraction uniform in [0, 1)
 */
export function waitMs(pace: Pace, settings: PaceSettings, fraction: number): number {
  const wait = waits[pace.kind] as Wait<Pace>;
  return Math.round(wait(pace, settings, fraction));
}

type Wait<SomePace> = (pace: SomePace, settings: PaceSettings, fraction: number) => number;

const waits: { [Kind in Pace['kind']]: Wait<Extract<Pace, { kind: Kind }>> } = {
  now: () => 0,
  'start-spread': (_pace, { startSpreadMs }, fraction) => fraction * startSpreadMs,
  interval: (_pace, { intervalMs }) => intervalMs,
  'status-requested': (_pace, { intervalMs }, fraction) => fraction * Math.min(intervalMs / 10, fullStatusMaxMs),
  backoff: ({ failures, retryAfterMs }, { intervalMs }, fraction) =>
    Math.max(backoffMs(failures, intervalMs, fraction), floorMs(retryAfterMs, fraction)),
  'retry-after': ({ retryAfterMs }, _settings, fraction) => floorMs(retryAfterMs, fraction),
  'slow-pace': (_pace, { intervalMs }, fraction) =>
    Math.max(intervalMs, slowPaceMs.from + fraction * (slowPaceMs.to - slowPaceMs.from)),
  'dormant-probe': (_pace, _settings, fraction) => dormantProbeMs * (1 + spreadShare * fraction),
};

/** What decided how long a call waits. */
export interface WaitReason {
  kind: Pace['kind'];
  /** The calls that failed in a row, where there were any. */
  failures?: number | undefined;
}

/** A backoff that a Retry-After stretches waits for that. */
export function waitReason(pace: Pace, settings: PaceSettings, fraction: number): WaitReason {
  if (pace.kind !== 'backoff') return { kind: pace.kind };
  const { failures, retryAfterMs } = pace;
  const isStretched = floorMs(retryAfterMs, fraction) > backoffMs(failures, settings.intervalMs, fraction);
  return { kind: isStretched ? 'retry-after' : 'backoff', failures };
}

/** As `baserunner status` shows it. */
export function describeReason({ kind, failures }: WaitReason): string {
  return kind === 'backoff' && failures !== undefined ? `${kind} ${failures}` : kind;
}

/**
 * The part of a Retry-After that counts if it is not from Cloudly: a captive portal, a proxy or a CDN must not silence
 * a node for longer than the backoff and its random share would.
 */
export function boundStrangersRetryAfter(retryAfterMs: number): number {
  return Math.min(retryAfterMs, Math.floor(backoffCeilingMs / (1 + spreadShare)));
}

function backoffMs(failures: number, intervalMs: number, fraction: number): number {
  const ceilingMs = Math.min(backoffCeilingMs, intervalMs * 2 ** (failures - 1));
  return ceilingMs * (0.5 + 0.5 * fraction);
}

function floorMs(askedMs: number | undefined, fraction: number): number {
  if (askedMs === undefined) return 0;
  const boundedMs = Math.min(limits.retryAfterMaxMs, Math.max(limits.retryAfterMinMs, askedMs));
  // Whole milliseconds, so that rounding adds nothing to the share.
  return boundedMs + Math.floor(boundedMs * spreadShare * fraction);
}
