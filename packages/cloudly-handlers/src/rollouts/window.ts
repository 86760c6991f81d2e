import { Cron } from 'croner';
import type { RolloutWindow } from '../fleet-store/rollout.js';

/** A window that closes and opens within the same millisecond, again and again, is looked at so often. */
const TURNS_MAX = 400;

export interface WindowState {
  isOpen: boolean;
  /** When that changes; absent if it does not soon, or never. */
  changesAtMs?: number;
}

/** Whether the window is open: it is for its duration from each instant of its cron expression on. */
export function isWindowOpen({ cron, zone, durationMs }: RolloutWindow, nowMs: number): boolean {
  const openedAtMs = nextInstant(new Cron(cron, { timezone: zone }), nowMs - durationMs);
  return openedAtMs !== undefined && openedAtMs <= nowMs;
}

/** Whether the window is open, and when it next closes or opens. */
export function windowStateAt(window: RolloutWindow, nowMs: number): WindowState {
  const { cron, zone, durationMs } = window;
  const instants = new Cron(cron, { timezone: zone });
  let openedAtMs = nextInstant(instants, nowMs - durationMs);
  if (openedAtMs === undefined || openedAtMs > nowMs) {
    return { isOpen: false, ...(openedAtMs !== undefined && { changesAtMs: openedAtMs }) };
  }
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const closesAtMs = openedAtMs + durationMs;
    const nextAtMs = nextInstant(instants, openedAtMs);
    if (nextAtMs === undefined || nextAtMs > closesAtMs) return { isOpen: true, changesAtMs: closesAtMs };
    openedAtMs = nextAtMs;
  }
  return { isOpen: true };
}

function nextInstant(cron: Cron, afterMs: number): number | undefined {
  return cron.nextRun(new Date(afterMs))?.getTime();
}
