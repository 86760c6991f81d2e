import type { StartTimer } from './timer.js';

export interface PacedRings {
  /** Rings a node once, as soon as the pace allows it. */
  ring(this: void, nodeId: string): void;
  /** Forgets those that have not been rung yet. */
  stop(this: void): void;
}

export interface PacedRingsOptions {
  perSecondMax: number;
  ring: (nodeId: string) => void;
  monotonicMs: () => number;
  startTimer: StartTimer;
}

/** That many seconds' worth may ring at once after a pause. */
const BURST_SECONDS = 0.1;

/** Rings nodes at a bounded rate: each of them answers with a heartbeat. */
export function createPacedRings({ perSecondMax, ring, monotonicMs, startTimer }: PacedRingsOptions): PacedRings {
  const burst = Math.max(1, perSecondMax * BURST_SECONDS);
  const waiting = new Set<string>();
  let allowance = burst;
  let countedAtMs = monotonicMs();
  let stopTimer: (() => void) | undefined;

  const release = (): void => {
    stopTimer = undefined;
    const nowMs = monotonicMs();
    allowance = Math.min(burst, allowance + (Math.max(0, nowMs - countedAtMs) / 1000) * perSecondMax);
    countedAtMs = nowMs;
    for (const nodeId of waiting) {
      if (allowance < 1) break;
      allowance -= 1;
      waiting.delete(nodeId);
      ring(nodeId);
    }
    if (waiting.size > 0) stopTimer = startTimer(Math.ceil(((1 - allowance) / perSecondMax) * 1000), release);
  };

  return {
    ring(nodeId) {
      waiting.add(nodeId);
      if (!stopTimer) release();
    },
    stop() {
      stopTimer?.();
      stopTimer = undefined;
      waiting.clear();
    },
  };
}
