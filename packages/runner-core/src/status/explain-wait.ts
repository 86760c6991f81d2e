import type { WaitReason } from '../loop/backoff.js';

/** Why the next call waits, in a sentence for a person; `describeReason` has the short words for it. */
export function explainWait({ kind, failures }: WaitReason, intervalMs: number): string {
  const failed = failures === undefined ? '' : ` ${failures} ${failures === 1 ? 'call' : 'calls'} in a row failed.`;
  return `${explanations[kind](intervalMs)}${failed}`;
}

const explanations: Readonly<Record<WaitReason['kind'], (intervalMs: number) => string>> = {
  now: () => 'Nothing is waited for.',
  'start-spread': () =>
    'After a start the first call falls at random within BASEOS_START_SPREAD_MS, so that devices that lost power together do not come back together.',
  interval: (intervalMs) => `A heartbeat is due every ${intervalMs / 1000} s.`,
  'status-requested': () => 'Cloudly asked for the whole status, which goes out soon.',
  backoff: () => 'Calls that bring no verdict are made again after growing, random waits of at most five minutes.',
  'retry-after': () =>
    'Cloudly said when to come again (Retry-After). Whatever else answers in its place is obeyed for five minutes at most.',
  'slow-pace': () => 'Only a person can help here, as the problem says; the node asks again every 5 to 10 minutes.',
  'dormant-probe': () => 'The node was revoked: it asks once an hour whether it is accepted again.',
};
