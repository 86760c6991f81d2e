import type { HeartbeatOutcome, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';

/**
 * How far the device's clock is ahead of Cloudly's: an answer's `serverTime` is taken for the middle of its round trip.
 * `undefined` if the outcome contains no time.
 */
export function clockSkewMs(
  outcome: RegisterOutcome | HeartbeatOutcome,
  { wallMs, roundTripMs }: { wallMs: number; roundTripMs: number },
): number | undefined {
  const serverTime = serverTimeOf(outcome);
  if (serverTime === undefined) return undefined;
  const serverMs = Date.parse(serverTime);
  return Number.isNaN(serverMs) ? undefined : Math.round(wallMs - roundTripMs / 2 - serverMs);
}

/** Every answer of Cloudly contains the time, even a rejection. */
function serverTimeOf(outcome: RegisterOutcome | HeartbeatOutcome): string | undefined {
  if ('answer' in outcome) return 'serverTime' in outcome.answer ? outcome.answer.serverTime : undefined;
  return 'problem' in outcome ? outcome.problem?.serverTime : undefined;
}
