import type { Clock } from '../ports/clock.js';
import { type Pace, type PaceSettings, waitMs, type WaitReason, waitReason } from './backoff.js';

/** When the next turn is, and why then. */
export interface Plan {
  reason: WaitReason;
  /** The end of the wait. */
  atMonotonicMs: number;
  /** The same for people: the wall clock may jump meanwhile. */
  atWallMs: number;
}

/**
 * The plan that a pace gives. The interval counts from the beginning of the last turn, so that a slow Supervisor does not
 * stretch it (though half of it is left to wait); all other waits count from now.
 */
export function planAfter(
  pace: Pace,
  {
    turnStartedMs,
    settings,
    fraction,
    clock,
  }: { turnStartedMs: number; settings: PaceSettings; fraction: number; clock: Clock },
): Plan {
  const nowMs = clock.monotonicMs();
  const fullMs = waitMs(pace, settings, fraction);
  const spentMs = pace.kind === 'interval' ? Math.min(nowMs - turnStartedMs, fullMs / 2) : 0;
  return {
    reason: waitReason(pace, settings, fraction),
    atMonotonicMs: nowMs + fullMs - spentMs,
    atWallMs: clock.wallMs() + fullMs - spentMs,
  };
}
