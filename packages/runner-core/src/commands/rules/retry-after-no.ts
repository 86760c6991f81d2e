import type { Asked } from '../actions/command-action.js';

const frequentTries = { everyMs: 15_000, forMs: 5 * 60_000 };
const rareTriesEveryMs = 5 * 60_000;

/**
 * How long a command waits after the Supervisor has said no. Behind a lock it is tried often at first, and then seldom,
 * because each try takes the Supervisor's time.
 *
 * @param waitedMs since the first no of this wait
 */
export function retryAfterNoMs(no: Extract<Asked, { kind: 'definite-no' }>, waitedMs: number): number {
  if (no.retryMs !== 'lock-tries') return no.retryMs;
  return waitedMs < frequentTries.forMs ? frequentTries.everyMs : rareTriesEveryMs;
}
