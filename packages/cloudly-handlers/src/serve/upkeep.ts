import { createClockTrust } from './clock-trust.js';
import type { HandlerContext } from '../context/handler-context.js';
import type { BackgroundWork } from './background-work.js';

const EVERY_MS = 600_000;

/** How long requests take precedence if there is more to drop than a store drops at once. */
const PAUSE_MS = 1000;

/**
 * Makes the store drop old data now and then, in the background. A failure is reported, and
 * retried the next time. Dropped data is lost, so nothing is dropped until the clock can be trusted.
 */
export function createUpkeep({ store, now, monotonicMs, report }: HandlerContext): BackgroundWork {
  const isBelievable = createClockTrust();
  let dueAtMs = -Infinity;
  let isRunning = false;

  const tidy = async (wallMs: number, timerMs: number): Promise<void> => {
    isRunning = true;
    dueAtMs = timerMs + EVERY_MS;
    try {
      if (await store.tidy(wallMs)) dueAtMs = timerMs + PAUSE_MS;
    } catch (error) {
      report(error);
    } finally {
      isRunning = false;
    }
  };

  return () => {
    if (isRunning) return undefined;
    try {
      const [wallMs, timerMs] = [now(), monotonicMs()];
      const isDue = isBelievable(wallMs, timerMs) && timerMs >= dueAtMs;
      return isDue ? () => tidy(wallMs, timerMs) : undefined;
    } catch (error) {
      report(error);
      return undefined;
    }
  };
}
