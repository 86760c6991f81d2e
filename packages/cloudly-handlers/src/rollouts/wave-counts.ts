import type { MemberState } from '../fleet/rollout-states.js';
import type { WaveCounts } from '../fleet-store/rollout.js';

export const noMembers: WaveCounts = {
  held: 0,
  offered: 0,
  running: 0,
  deferred: 0,
  succeeded: 0,
  failed: 0,
  unknown: 0,
  skipped: 0,
};

/** The counts of all waves, added up. */
export function countAll(counts: readonly WaveCounts[]): WaveCounts {
  const total: Record<MemberState, number> = { ...noMembers };
  for (const ofWave of counts) {
    for (const state of Object.keys(noMembers) as MemberState[]) total[state] += ofWave[state];
  }
  return total;
}

/** How many members are counted. */
export function memberCountOf(counts: WaveCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** How many have the command: offered or running. */
export function inFlightCountOf({ offered, running }: WaveCounts): number {
  return offered + running;
}

/** How many have ended badly. */
export function failureCountOf({ failed, unknown }: WaveCounts): number {
  return failed + unknown;
}

/** The counts after one member of the wave has come from one state into another; without one, it is new. */
export function countMoved(
  counts: readonly WaveCounts[],
  wave: number,
  from: MemberState | undefined,
  to: MemberState,
): WaveCounts[] {
  return counts.map((ofWave, index) => {
    if (index !== wave) return ofWave;
    const before = from === undefined ? ofWave : { ...ofWave, [from]: ofWave[from] - 1 };
    return { ...before, [to]: before[to] + 1 };
  });
}
