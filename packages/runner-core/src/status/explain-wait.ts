import type { WaitReason } from '../loop/backoff.js';

/** Why the next call waits, as a sentence. `describeReason` has the short form. */
export function explainWait({ kind, failures }: WaitReason, intervalMs: number): string {
  const failed =
    failures === undefined ? '' : failures === 1 ? ' The last call failed.' : ` The last ${failures} calls failed.`;
  return `${explanations[kind](intervalMs)}${failed}`;
}

const explanations: Readonly<Record<WaitReason['kind'], (intervalMs: number) => string>> = {
  now: () => 'The call is due now.',
  'start-spread': () =>
    'After a restart, the first call is made at a random time within BASEOS_START_SPREAD_MS, so that devices that lost power together do not all call at once.',
  interval: (intervalMs) => `A heartbeat is due every ${intervalMs / 1000} s.`,
  'status-requested': () => 'Cloudly asked for the full status. The node sends it soon.',
  backoff: () => 'The node retries after growing, random waits of at most five minutes.',
  'retry-after': () =>
    'Cloudly set the wait (Retry-After). A Retry-After of any other server counts for five minutes at most.',
  'slow-pace': () => 'A person has to fix the problem. The node retries every 5 to 10 minutes.',
  'dormant-probe': () => 'The node was revoked. It checks once an hour whether Cloudly accepts it again.',
};
