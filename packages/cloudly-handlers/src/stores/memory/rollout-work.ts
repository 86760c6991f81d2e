import type { RolloutMember } from '../../fleet-store/rollout-member.js';
import type { Rollout } from '../../fleet-store/rollout.js';
import { isOldRollout } from '../records/rollout-rules.js';

/** A rollout with its members. */
export interface RolloutEntry {
  rollout: Rollout;
  isUnsettled: boolean;
  members: Map<string, RolloutMember>;
}

/** The rollouts, in the order in which they were added. */
export interface RolloutWork {
  rollouts: Map<string, RolloutEntry>;
  /** The rollout that holds the node. */
  holderOf(this: void, nodeId: string): string | undefined;
  /** Drops those that are old. */
  drop(this: void, nowMs: number): void;
}

export function createRolloutWork(): RolloutWork {
  const rollouts = new Map<string, RolloutEntry>();
  return {
    rollouts,
    holderOf(nodeId) {
      for (const [rolloutId, { members }] of rollouts) if (members.get(nodeId)?.isHolding) return rolloutId;
      return undefined;
    },
    drop(nowMs) {
      for (const { rollout } of rollouts.values()) if (isOldRollout(rollout, nowMs)) rollouts.delete(rollout.id);
    },
  };
}
