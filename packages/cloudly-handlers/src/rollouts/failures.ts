import type { Rollout, RolloutLimits, WaveCounts } from '../fleet-store/rollout.js';
import { countAll, failureCountOf, memberCountOf } from './wave-counts.js';

/** More members have failed than the limits allow: of a wave, or of all of them. */
export interface TooManyFailures {
  wave?: number;
  failed: number;
  ended: number;
}

/** Where too many members have failed, the earliest wave first; nothing if they are within the limits. */
export function findTooManyFailures({
  counts,
  limits,
}: Pick<Rollout, 'counts' | 'limits'>): TooManyFailures | undefined {
  for (const [wave, ofWave] of counts.entries()) {
    if (areTooMany(ofWave, limits)) return { wave, ...failuresOf(ofWave) };
  }
  const all = countAll(counts);
  return areTooMany(all, limits) ? failuresOf(all) : undefined;
}

/** In a few members, a share says nothing: there, the first failure is one too many. */
function areTooMany(counts: WaveCounts, { failMin, failPercent }: RolloutLimits): boolean {
  const { failed, ended } = failuresOf(counts);
  if (memberCountOf(counts) < failMin) return failed > 0;
  return failed >= failMin && failed * 100 > failPercent * ended;
}

function failuresOf(counts: WaveCounts): { failed: number; ended: number } {
  const failed = failureCountOf(counts);
  return { failed, ended: counts.succeeded + failed };
}
