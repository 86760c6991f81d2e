import type { HandlerContext } from './handler-context.js';

const EVERY_MS = 600_000;

/** Where there is more to drop than a store drops at once, requests come first for as long. */
const PAUSE_MS = 1000;

/**
 * Has the store drop what is too old, now and then, beside the requests: call it with each. What fails is reported, and
 * tried again the next time.
 */
export const createUpkeep = ({ store, now, report }: HandlerContext): (() => Promise<void>) => {
  let dueAtMs: number | undefined;
  let isRunning = false;

  return async () => {
    if (isRunning) return;
    isRunning = true;
    try {
      const nowMs = now();
      // A clock that was set back by more than that must not put it off.
      if (dueAtMs !== undefined && nowMs < dueAtMs && nowMs >= dueAtMs - EVERY_MS) return;
      dueAtMs = nowMs + EVERY_MS;
      if (await store.tidy(nowMs)) dueAtMs = nowMs + PAUSE_MS;
    } catch (error) {
      report(error);
    } finally {
      isRunning = false;
    }
  };
};
