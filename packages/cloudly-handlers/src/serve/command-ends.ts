import { commandState } from '../fleet/command-state.js';
import type { HandlerContext } from '../context/handler-context.js';
import type { BackgroundWork } from './background-work.js';

const EVERY_MS = 30_000;

/** How many are ended at once; other requests wait meanwhile. */
const ENDED_AT_ONCE = 100;

/**
 * Ends the commands whose time is up, in the background. Each end is reported once, by
 * whichever process finds it. A failure is reported, and retried the next time.
 */
export function createCommandEnds({ store, now, monotonicMs, report, emit }: HandlerContext): BackgroundWork {
  let dueAtMs = -Infinity;
  let isRunning = false;

  const endSome = async (): Promise<void> => {
    const timerMs = monotonicMs();
    isRunning = true;
    try {
      const nowMs = now();
      const ended = await store.endCommands(nowMs, ENDED_AT_ONCE);
      if (ended.length < ENDED_AT_ONCE) dueAtMs = timerMs + EVERY_MS;
      for (const { nodeId, command } of ended) {
        const state = commandState(command, nowMs);
        // A cancelled command had its end before.
        if (state === 'unknown' || state === 'expired') emit({ kind: 'command-ended', nodeId, command, state });
      }
    } catch (error) {
      dueAtMs = timerMs + EVERY_MS;
      report(error);
    } finally {
      isRunning = false;
    }
  };

  return () => (isRunning || monotonicMs() < dueAtMs ? undefined : endSome);
}
