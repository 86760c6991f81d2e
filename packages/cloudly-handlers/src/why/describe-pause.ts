import type { PauseReason } from '../fleet/rollout-states.js';
import type { TooManyFailures } from '../rollouts/failures.js';

/** Why a rollout is paused, and what is known of that. */
export interface ToldPause {
  reason: PauseReason;
  by: string;
  /** When its window opens. */
  opensAtMs?: number | undefined;
  failures?: TooManyFailures | undefined;
}

/** What follows the word `paused`. */
export function describePause(pause: ToldPause): string {
  return words[pause.reason](pause);
}

const words: Record<PauseReason, (pause: ToldPause) => string> = {
  operator: ({ by }) => `by ${by}`,
  failures: ({ failures }) => {
    if (!failures) return 'because too many of its members failed';
    const { wave, failed, ended } = failures;
    return `because ${failed} of ${ended} members ${wave === undefined ? '' : `of wave ${wave + 1} `}that have ended failed`;
  },
  window: ({ opensAtMs }) =>
    opensAtMs === undefined ? 'until its window opens' : `until its window opens at ${describeInstant(opensAtMs)}`,
  recovered: () => 'because the fleet was restored from a backup',
};

export function describeInstant(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
