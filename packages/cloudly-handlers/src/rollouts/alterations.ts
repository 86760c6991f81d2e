import type { Actor } from '../events/actor.js';
import type { Rollout, RolloutLimits, RolloutWindow } from '../fleet-store/rollout.js';
import type { Draft } from './draft.js';
import { groupOf } from './member-group.js';
import { named, pauseRollout, resumeRollout } from './pause-rollout.js';
import type { Alteration } from './plan.js';
import { isInFlight } from './room.js';

/** For a rollout that runs, or waits for its window. */
export function pausing(reason: 'operator' | 'recovered', by: Actor): Alteration {
  return (draft) => pauseRollout(draft, reason, by);
}

/** For one that is paused. It pauses again at once if more have failed than its limits allow. */
export function resuming(): Alteration {
  return (draft) => resumeRollout(draft);
}

/** For one that is not over. */
export function stopping(): Alteration {
  return (draft) => {
    draft.change({ state: 'stopped', endedAtMs: draft.nowMs, pause: undefined, startToken: undefined });
    draft.tell({ kind: 'rollout-stopped', details: named(draft.rollout()) });
  };
}

/** Opens the gate behind the open wave, also before that is over. */
export function openingGate(by: Actor): Alteration {
  return (draft) => {
    draft.change({ gateOpened: { by, atMs: draft.nowMs } });
    const details = { ...named(draft.rollout()), wave: draft.rollout().waveIndex };
    draft.tell({ kind: 'rollout-gate-opened', details });
  };
}

/** Other settings; without a window, the rollout has none from now on. */
export function settingLimits(settings: { limits?: RolloutLimits; window?: RolloutWindow | undefined }): Alteration {
  return (draft) => {
    const before = draft.rollout();
    draft.change(settings);
    draft.tell({ kind: 'rollout-changed', details: named(before) });
    regroup(draft, before);
  };
}

/** Those that have the command count in the groups of another label from now on. */
function regroup(draft: Draft, { limits: before }: Rollout): void {
  const { limits } = draft.rollout();
  if (limits.perGroup?.label === before.perGroup?.label) return;
  for (const seen of draft.members()) {
    if (seen.node && isInFlight(seen)) draft.note(seen, { group: groupOf(limits, seen.node) });
  }
}

/** For those that are read with `ended-badly`: they try again from the beginning, in their wave if that is open. */
export function retryingFailed(): Alteration {
  return forFailed((draft, seen) => {
    draft.note(seen, { failureCount: 0 });
    draft.move(seen, { to: 'held', reason: 'retry' });
  });
}

/** For those that are read with `ended-badly`: they count no longer. */
export function leavingOutFailed(): Alteration {
  return forFailed((draft, seen) => draft.move(seen, { to: 'skipped', reason: 'left-out' }));
}

function forFailed(act: (draft: Draft, seen: ReturnType<Draft['members']>[number]) => void): Alteration {
  return (draft) => {
    for (const seen of draft.members()) {
      if (seen.member.state === 'failed' || seen.member.state === 'unknown') act(draft, seen);
    }
  };
}

/**
 * Gives a node that is read with `named` up to another rollout. Not while the member is running: the node may have begun.
 */
export function givingUp(nodeId: string): Alteration {
  return (draft) => {
    const seen = draft.members().find(({ member }) => member.nodeId === nodeId);
    if (!seen || !isGivenUp(seen.member.state)) return;
    if (seen.member.state === 'offered') draft.withdraw(seen);
    draft.move(seen, { to: 'skipped', reason: 'taken-over' });
  };
}

function isGivenUp(state: string): boolean {
  return state === 'held' || state === 'offered' || state === 'deferred';
}

/** One after the other. */
export function altering(...alterations: readonly Alteration[]): Alteration {
  return (draft, view) => {
    for (const alter of alterations) alter(draft, view);
  };
}
