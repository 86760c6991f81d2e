import type { Rollout, Wave } from '../fleet-store/rollout.js';
import type { ObstacleCode, PreviewedWave } from './rollout-preview.js';

/** A node that would become a member. */
export interface Candidate {
  nodeId: string;
  wave: number;
  group: string;
  rank: string;
  isOnline: boolean;
  obstacles: readonly ObstacleCode[];
}

/** The waves of a rollout, with how many members each would have. */
export function previewWaves(candidates: readonly Candidate[], { waves }: Pick<Rollout, 'waves'>): PreviewedWave[] {
  const counts = waves.map(() => ({ memberCount: 0, onlineCount: 0 }));
  for (const { wave, isOnline } of candidates) {
    const count = counts[wave];
    if (!count) continue;
    count.memberCount += 1;
    if (isOnline) count.onlineCount += 1;
  }
  return waves.map(({ gate, soakMs }: Wave, index) => ({
    memberCount: 0,
    onlineCount: 0,
    ...counts[index],
    gate,
    soakMs,
  }));
}
