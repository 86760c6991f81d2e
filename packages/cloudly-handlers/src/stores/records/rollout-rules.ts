import type { RolloutMember } from '../../fleet-store/rollout-member.js';
import type { Membership } from '../../fleet-store/rollout-store.js';
import type { Rollout } from '../../fleet-store/rollout.js';
import type { Behalf } from './behalf.js';

/** How long a rollout that has ended is kept. */
export const ROLLOUTS_KEPT_MS = 2 * 365 * 24 * 3_600_000;
/** How long a rollout that was never started is kept. */
export const DRAFTS_KEPT_MS = 90 * 24 * 3_600_000;

/** With a scope, there are only the rollouts of the same actor. */
export function isVisibleRollout({ scope, actor }: Behalf, { createdBy }: Pick<Rollout, 'createdBy'>): boolean {
  return scope === undefined || createdBy === actor;
}

export function isOldRollout({ state, createdAtMs, endedAtMs }: Rollout, nowMs: number): boolean {
  if (state === 'draft') return createdAtMs <= nowMs - DRAFTS_KEPT_MS;
  return endedAtMs !== undefined && endedAtMs <= nowMs - ROLLOUTS_KEPT_MS;
}

/** Whether its members' places in it are still told of their nodes. */
export function isRolloutOver({ state }: Pick<Rollout, 'state'>): boolean {
  return state === 'finished' || state === 'stopped';
}

/** Whether it has the command now. */
export function isInFlight({ state }: Pick<RolloutMember, 'state'>): boolean {
  return state === 'offered' || state === 'running';
}

/** The oldest rollout first. */
export function inOrderOfRollouts(memberships: readonly Membership[]): Membership[] {
  return memberships.toSorted((one, other) => {
    const [first, second] = [one.rollout, other.rollout];
    return first.createdAtMs - second.createdAtMs || (first.id < second.id ? -1 : 1);
  });
}
