import type { GateMemory } from './gate-memory.js';

const storeEveryMs = 60 * 60_000;

/** The gate has been without an answer for too long. `opensAfterMs` 0: never. Pure. */
export function isTooSilent({ silentMs }: Pick<GateMemory, 'silentMs'>, opensAfterMs: number): boolean {
  return opensAfterMs > 0 && silentMs >= opensAfterMs;
}

/** When the time without an answer is noted next: each hour, or at the moment the gate opens. Pure. */
export function nextNoteMs({ silentMs }: Pick<GateMemory, 'silentMs'>, opensAfterMs: number): number {
  const leftMs = opensAfterMs - silentMs;
  return opensAfterMs > 0 && leftMs > 0 ? Math.min(storeEveryMs, leftMs) : storeEveryMs;
}
