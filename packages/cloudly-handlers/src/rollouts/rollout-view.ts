import type { SeenMember } from '../fleet-store/rollout-member.js';
import type { Rollout } from '../fleet-store/rollout.js';

/** What a plan is made of: one reading of a rollout. */
export interface RolloutView {
  rollout: Rollout;
  /** All that have the command, and others that are looked at: candidates for it above all. Each once. */
  members: readonly SeenMember[];
}
