import type { SeenMember } from '../fleet-store/rollout-member.js';
import type { RolloutLimits } from '../fleet-store/rollout.js';

/** How many more members may have the command. */
export interface Room {
  left: number;
  /** Groups with none left. */
  fullGroups: readonly string[];
  /** Whether there is room for one more of this group, which it takes then. */
  take(this: void, group: string): boolean;
}

/** What the limits leave, with these members having the command. */
export function roomBeside(members: readonly SeenMember[], { maxInFlight, perGroup }: RolloutLimits): Room {
  const inFlight = members.filter(isInFlight);
  let left = Math.max(0, maxInFlight - inFlight.length);
  const ofGroups = new Map<string, number>();
  for (const { member } of inFlight) ofGroups.set(member.group, (ofGroups.get(member.group) ?? 0) + 1);
  const isFull = (group: string): boolean => perGroup !== undefined && (ofGroups.get(group) ?? 0) >= perGroup.max;
  return {
    left,
    fullGroups: [...ofGroups.keys()].filter(isFull),
    take(group) {
      if (left === 0 || isFull(group)) return false;
      left -= 1;
      ofGroups.set(group, (ofGroups.get(group) ?? 0) + 1);
      return true;
    },
  };
}

/** It has the command, which has not ended. */
export function isInFlight({ member: { state } }: SeenMember): boolean {
  return state === 'offered' || state === 'running';
}
