import type { HandlerContext } from '../context/handler-context.js';
import { isFleetStore } from '../fleet-store/is-fleet-store.js';
import type { BackgroundWork } from './background-work.js';
import { createHeardSince } from './heard-since.js';

const EVERY_MS = 5000;

/** How many nodes are looked at between two requests. */
const NODES_AT_ONCE = 500;

/** So much at a time, that a shutdown does not wait for the whole of a large fleet. */
const TIMES_MAX = 20;

/**
 * Has a store for operators note which nodes are late or offline, and open and close alerts, in the background. A failure is reported, and retried the
 * next time.
 */
export function createSweeps({
  store,
  alertGroupLabel: groupLabel,
  now,
  monotonicMs,
  upSinceMs,
  report,
}: HandlerContext): BackgroundWork {
  if (!isFleetStore(store)) return () => undefined;
  const heardSince = createHeardSince(upSinceMs);
  let dueAtMs = -Infinity;
  let isRunning = false;

  const sweep = async (): Promise<void> => {
    isRunning = true;
    const timerMs = monotonicMs();
    dueAtMs = timerMs + EVERY_MS;
    try {
      const nowMs = now();
      const sweepOnce = { nowMs, upSinceMs: heardSince(nowMs, timerMs), limit: NODES_AT_ONCE };
      const isSwept = await isAllDone(() => store.sweep(sweepOnce));
      const isKept = await isAllDone(() => store.keepAlerts({ nowMs, groupLabel, limit: NODES_AT_ONCE }));
      if (!isSwept || !isKept) dueAtMs = timerMs;
    } catch (error) {
      report(error);
    } finally {
      isRunning = false;
    }
  };

  return () => (isRunning || monotonicMs() < dueAtMs ? undefined : sweep);
}

/** Does some work until there is no more, but not for too long. Resolves with whether there was no more. */
async function isAllDone(doSome: () => Promise<{ isMore: boolean }>): Promise<boolean> {
  for (let times = 1; (await doSome()).isMore; times += 1) {
    if (times >= TIMES_MAX) return false;
  }
  return true;
}
