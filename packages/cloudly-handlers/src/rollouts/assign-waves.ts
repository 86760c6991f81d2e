import type { Wave } from '../fleet-store/rollout.js';

export interface Assignable {
  rank: string;
  /** Whether the selector of each wave matches it; of a wave without one, all match. */
  matchesWave: readonly boolean[];
}

/** The wave of each: each wave takes the first by rank of those that it matches and that are left; the last takes the rest. */
export function assignWaves(nodes: readonly Assignable[], waves: readonly Wave[]): number[] {
  const last = waves.length - 1;
  const assigned = nodes.map(() => last);
  let left = nodes
    .map((_node, index) => index)
    .toSorted((one, other) => {
      return (nodes[one]?.rank ?? '') < (nodes[other]?.rank ?? '') ? -1 : 1;
    });
  for (const [wave, { size }] of waves.slice(0, -1).entries()) {
    const taken = new Set(
      left.filter((index) => nodes[index]?.matchesWave[wave] ?? true).slice(0, sizeOf(size, nodes.length)),
    );
    for (const index of taken) assigned[index] = wave;
    left = left.filter((index) => !taken.has(index));
  }
  return assigned;
}

function sizeOf(size: Wave['size'], memberCount: number): number {
  if (!size) return memberCount;
  return 'count' in size ? size.count : Math.max(1, Math.ceil((size.percent * memberCount) / 100));
}
