import type { Rollout } from '../fleet-store/rollout.js';
import {
  altering,
  leavingOutFailed,
  pausing,
  resuming,
  retryingFailed,
  settingLimits,
  stopping,
} from '../rollouts/alterations.js';
import { findTooManyFailures } from '../rollouts/failures.js';
import { becomeDraft, MEMBERS_MAX, startRollout as start } from '../rollouts/start-rollout.js';
import type { Alteration } from '../rollouts/plan.js';
import { countAll, failureCountOf } from '../rollouts/wave-counts.js';
import { alterRollout, throwContended, throwUnfit } from './alter-rollout.js';
import type { Call } from './call.js';
import { FleetError } from './fleet-error.js';
import { hasRole } from './fleet-roles.js';
import type { ResumeOptions } from './rollout-calls.js';
import { changedLimits, requireLimits } from './rollout-settings.js';
import { getRollout, requireOwnRollout, throwUnknownRollout } from './rollouts.js';

/** How many members that have failed are let try again, or left out, at a time. */
const FAILED_AT_ONCE = 500;
const ROLLOUTS_MAX = 1000;

export async function startRollout(call: Call, rolloutId: string): Promise<Rollout> {
  const rollout = await requireOwnRollout(call, rolloutId);
  const { state, needsApproval, approval, name } = rollout;
  if (state === 'running') return rollout;
  if (state !== 'draft' && state !== 'starting') return throwUnfit(rollout, 'Create another one.');
  if (needsApproval && !approval) {
    throw new FleetError('approval-needed', `Rollout ${name} needs the approval of another person`, {
      remedy: 'Ask one to approve it.',
    });
  }
  const started = await start(call.fleet, rolloutId, { now: call.now, actor: call.caller.actor });
  switch (started.outcome) {
    case 'started':
      return started.rollout;
    case 'no-members':
      throw new FleetError('value-invalid', `No node matches the selector of rollout ${name}`, {
        remedy: 'Change the selector.',
      });
    case 'too-many-members':
      return throwTooLarge();
    case 'rollout-unknown':
      return throwUnknownRollout(rolloutId);
    case 'contention':
      return throwContended(rolloutId);
    default:
      return throwUnfit(await getRollout(call, rolloutId), 'Somebody else has decided otherwise meanwhile.');
  }
}

export function throwTooLarge(): never {
  throw new FleetError('rollout-too-large', `The selector matches more than ${MEMBERS_MAX} nodes`, {
    remedy: 'Select fewer, and make another rollout for the others.',
  });
}

export async function pauseRollout(call: Call, rolloutId: string): Promise<Rollout> {
  await requireOwnRollout(call, rolloutId);
  const { rollout } = await alterRollout(call, rolloutId, pausingIfItGoesOn(call, 'operator'));
  return rollout;
}

export async function pauseAllRollouts(call: Call): Promise<Rollout[]> {
  const isOwn = ({ createdBy }: Rollout): boolean => createdBy === call.caller.actor || hasRole(call.caller, 'admin');
  const found = await call.store.listRollouts({ states: ['starting', 'running', 'paused'], limit: ROLLOUTS_MAX });
  return pauseEach(call, found.filter(isOwn), 'operator');
}

/** After a restored backup, nobody knows what those that ran have done since. */
export async function pauseRecovered(call: Call): Promise<Rollout[]> {
  const found = await call.store.listRollouts({ states: ['starting', 'running', 'paused'], limit: ROLLOUTS_MAX });
  return pauseEach(call, found, 'recovered');
}

async function pauseEach(
  call: Call,
  rollouts: readonly Rollout[],
  reason: 'operator' | 'recovered',
): Promise<Rollout[]> {
  const paused: Rollout[] = [];
  for (const each of rollouts.filter(goesOn)) {
    const { rollout } = await alterRollout(call, each.id, pausingIfItGoesOn(call, reason));
    paused.push(rollout);
  }
  return paused;
}

function pausingIfItGoesOn({ caller: { actor } }: Call, reason: 'operator' | 'recovered'): Alteration {
  return (draft, view) => {
    const { rollout } = view;
    // Its members are not frozen yet, so it has not begun.
    if (rollout.state === 'starting') return becomeDraft(draft);
    if (goesOn(rollout)) return pausing(reason, actor)(draft, view);
    if (rollout.state !== 'paused' && reason === 'operator') throwUnfit(rollout, 'Only one that runs can be paused.');
  };
}

/** By itself, at once or once its window opens. */
function goesOn({ state, pause }: Rollout): boolean {
  return state === 'starting' || state === 'running' || pause?.reason === 'window';
}

export async function resumeRollout(call: Call, rolloutId: string, options: ResumeOptions = {}): Promise<Rollout> {
  const { failed, limits } = options;
  const before = await requireOwnRollout(call, rolloutId);
  if (before.state === 'running') return before;
  requirePaused(before);
  requireLimits(changedLimits(before.limits, limits));
  if (failed) await decideAboutFailed(call, rolloutId, failed);
  const { rollout: resumed } = await alterRollout(call, rolloutId, (draft, view) => {
    const { rollout } = view;
    requirePaused(rollout);
    if (limits) settingLimits({ limits: changedLimits(rollout.limits, limits), window: rollout.window })(draft, view);
    requireFailuresDecided(draft.rollout());
    // It goes on by itself once its window opens.
    if (rollout.pause?.reason !== 'window') resuming()(draft, view);
  });
  return resumed;
}

/** In pieces, during which it stays paused. */
async function decideAboutFailed(call: Call, rolloutId: string, failed: 'retry' | 'leave-out'): Promise<void> {
  const decide = failed === 'retry' ? retryingFailed() : leavingOutFailed();
  const onlyPaused: Alteration = (_draft, { rollout }) => requirePaused(rollout);
  for (;;) {
    const { rollout, planned } = await alterRollout(call, rolloutId, altering(onlyPaused, decide), [
      { which: 'ended-badly', limit: FAILED_AT_ONCE },
    ]);
    if (!planned.hasChanged || failureCountOf(countAll(rollout.counts)) === 0) return;
  }
}

function requirePaused(rollout: Rollout): void {
  if (rollout.state !== 'paused') throwUnfit(rollout, 'Only one that is paused can be resumed.');
}

function requireFailuresDecided(rollout: Rollout): void {
  const failures = findTooManyFailures(rollout);
  if (!failures) return;
  const { wave, failed, ended } = failures;
  const where = wave === undefined ? '' : ` in wave ${wave + 1}`;
  const message = `Of ${ended} members of rollout ${rollout.name} that have ended${where}, ${failed} have failed`;
  throw new FleetError('failures-undecided', message, {
    remedy: 'Say whether they try again or are left out, or give it limits that allow for them.',
  });
}

export async function stopRollout(call: Call, rolloutId: string): Promise<Rollout> {
  await requireOwnRollout(call, rolloutId);
  const { rollout: stopped } = await alterRollout(call, rolloutId, (draft, view) => {
    const { rollout } = view;
    if (rollout.state === 'finished') throwUnfit(rollout, 'There is nothing to stop.');
    if (rollout.state !== 'stopped') stopping()(draft, view);
  });
  return stopped;
}
