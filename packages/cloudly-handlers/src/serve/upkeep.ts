import { createClockTrust } from './clock-trust.js';
import type { HandlerContext } from '../context/handler-context.js';

const EVERY_MS = 600_000;

/** Where there is more to drop than a store drops at once, requests come first for as long. */
const PAUSE_MS = 1000;

/**
 * Has the store drop what is too old, now and then, beside the requests: call it with each. What fails is reported, and
 * tried again the next time. What is dropped is gone for good, so nothing is until the clock can be believed.
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
