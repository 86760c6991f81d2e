import type { FleetStore } from '../fleet-store/fleet-store.js';
import { runtime } from '../fleet/runtime.js';
import { type StartTimer, startTimer as startRealTimer } from '../waking/timer.js';
import { createRolloutPass } from './rollout-pass.js';
import type { RolloutFleet } from './step-rollout.js';

/** How long to wait without news, because time alone changes what is to be done. */
const LOOK_AGAIN_MS = 5000;

/** News come in swarms, and one look is enough for each. */
const BETWEEN_LOOKS_MS = 1000;

export interface RolloutRunnerOptions {
  store: RolloutFleet & Pick<FleetStore, 'onNews'>;
  /** @default Date.now */
  now?: (() => number) | undefined;
  /** @default the runtime's */
  monotonicMs?: (() => number) | undefined;
  /** @default the runtime's */
  startTimer?: StartTimer | undefined;
  /** Called with the reason why something was not done. It is tried again. */
  onError?: ((error: unknown) => void) | undefined;
}

export interface RolloutRunner {
  /** Resolves when nothing is done any longer. Another process, or the next one, goes on from there. */
  end(this: void): Promise<void>;
}

/**
 * Carries the rollouts of a fleet out: looks after each that runs every five seconds, and soon after something has happened. Any
 * number of processes may do so at once.
 */
export function createRolloutRunner(options: RolloutRunnerOptions): RolloutRunner {
  const { store, now = runtime.now, monotonicMs = runtime.monotonicMs, startTimer = startRealTimer } = options;
  const onError = options.onError ?? (() => undefined);
  const ending = new AbortController();
  const look = createRolloutPass({ store, now, monotonicMs, onError, signal: ending.signal });
  let lookedAtMs = -Infinity;
  let hasNews = false;
  let looking: Promise<void> | undefined;
  let stopWaiting = (): void => undefined;

  const begin = (): void => {
    hasNews = false;
    looking = look().finally(() => {
      looking = undefined;
      lookedAtMs = monotonicMs();
      wait();
    });
  };
  const wait = (): void => {
    if (looking || ending.signal.aborted) return;
    stopWaiting();
    const sinceMs = monotonicMs() - lookedAtMs;
    stopWaiting = startTimer(Math.max(0, (hasNews ? BETWEEN_LOOKS_MS : LOOK_AGAIN_MS) - sinceMs), begin);
  };
  const endNews = store.onNews(() => {
    if (hasNews) return;
    hasNews = true;
    wait();
  });
  begin();

  return {
    async end() {
      ending.abort();
      endNews();
      stopWaiting();
      await looking;
    },
  };
}
