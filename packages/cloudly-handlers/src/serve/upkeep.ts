import { createClockTrust } from './clock-trust.js';
import type { HandlerContext } from '../context/handler-context.js';

const EVERY_MS = 600_000;

/** How long requests take precedence if there is more to drop than a store drops at once. */
const PAUSE_MS = 1000;

/**
 * Makes the store drop old data now and then, in the background: call it with each request. A failure is reported, and
 * retried the next time. Dropped data is lost, so nothing is dropped until the clock can be trusted.
 */
export function createUpkeep({ store, now, monotonicMs, report }: HandlerContext): () => Promise<void> {
  const isBelievable = createClockTrust();
  let dueAtMs = -Infinity;
  let isRunning = false;

  return async () => {
    if (isRunning) return;
    isRunning = true;
    try {
      const [wallMs, timerMs] = [now(), monotonicMs()];
      if (!isBelievable(wallMs, timerMs) || timerMs < dueAtMs) return;
      dueAtMs = timerMs + EVERY_MS;
      if (await store.tidy(wallMs)) dueAtMs = timerMs + PAUSE_MS;
    } catch (error) {
      report(error);
    } finally {
      isRunning = false;
    }
  };
}
