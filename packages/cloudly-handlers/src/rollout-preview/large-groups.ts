import type { RolloutLimits } from '../fleet-store/rollout.js';
import type { PreviewedGroups } from './rollout-preview.js';

const SHOWN_MAX = 10;

/** The groups of members, by their sizes; nothing without a limit for each. */
export function previewGroups(
  members: readonly { group: string }[],
  { perGroup }: RolloutLimits,
): PreviewedGroups | undefined {
  if (!perGroup) return undefined;
  const sizes = new Map<string, number>();
  for (const { group } of members) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const larger = [...sizes].filter(([, memberCount]) => memberCount > perGroup.max);
  const largest = larger.toSorted(([, one], [, other]) => other - one).slice(0, SHOWN_MAX);
  return {
    ...perGroup,
    groupCount: sizes.size,
    largerCount: larger.length,
    largest: largest.map(([group, memberCount]) => ({ group, memberCount })),
  };
}
