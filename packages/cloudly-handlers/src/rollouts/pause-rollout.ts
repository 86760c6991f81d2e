import type { Actor } from '../events/actor.js';
import type { PauseReason } from '../fleet/rollout-states.js';
import type { Rollout } from '../fleet-store/rollout.js';
import type { Draft } from './draft.js';

export function pauseRollout(draft: Draft, reason: PauseReason, by: Actor): void {
  draft.change({ state: 'paused', pause: { reason, by, atMs: draft.nowMs } });
  draft.tell({ kind: 'rollout-paused', details: { ...named(draft.rollout()), reason } });
}

export function resumeRollout(draft: Draft): void {
  draft.change({ state: 'running', pause: undefined });
  draft.tell({ kind: 'rollout-resumed', details: named(draft.rollout()) });
}

/** How events name a rollout. */
export function named({ id, name }: Pick<Rollout, 'id' | 'name'>): { rolloutId: string; name: string } {
  return { rolloutId: id, name };
}
