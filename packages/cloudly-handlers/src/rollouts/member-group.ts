import type { FleetNode } from '../fleet-store/fleet-node.js';
import type { RolloutLimits } from '../fleet-store/rollout.js';

/** The group that a node counts in: the value of the label by which the limits make groups. */
export function groupOf({ perGroup }: Pick<RolloutLimits, 'perGroup'>, { labels }: Pick<FleetNode, 'labels'>): string {
  if (!perGroup) return '';
  return (Object.hasOwn(labels, perGroup.label) ? labels[perGroup.label] : undefined) ?? '';
}
