import type { RolloutLimits, Wave } from '../fleet-store/rollout.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** One node, until somebody has looked at it; then a tenth of them; then the rest. */
export function defaultWaves(): Wave[] {
  return [
    { size: { count: 1 }, gate: 'manual', soakMs: 0 },
    { size: { percent: 10 }, gate: 'auto', soakMs: 15 * MINUTE_MS },
    { gate: 'auto', soakMs: 0 },
  ];
}

/** @param memberCount how many nodes the rollout is about */
export function defaultLimits(memberCount: number): RolloutLimits {
  return {
    maxInFlight: Math.max(1, Math.min(50, Math.floor(memberCount / 20))),
    failPercent: 10,
    failMin: 3,
    attempts: 1,
    commandDueMs: DAY_MS,
    deferredDueMs: 7 * DAY_MS,
  };
}
