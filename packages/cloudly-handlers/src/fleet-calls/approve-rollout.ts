import type { Rollout } from '../fleet-store/rollout.js';
import { openingGate } from '../rollouts/alterations.js';
import { named } from '../rollouts/pause-rollout.js';
import { alterRollout, throwContended, throwUnfit } from './alter-rollout.js';
import { type Call, requireRole } from './call.js';
import { TRIES_MAX } from './change-rollout.js';
import { FleetError } from './fleet-error.js';
import { getRollout, keepDraft, requireOwnRollout } from './rollouts.js';

export async function approveRollout(call: Call, rolloutId: string): Promise<Rollout> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const rollout = await getRollout(call, rolloutId);
    if (rollout.state !== 'draft') return openGate(call, rolloutId);
    if (!rollout.needsApproval) return throwUnfit(rollout, 'It needs no approval: start it.');
    requireOtherPerson(call, rollout);
    if (rollout.approval) return rollout;
    const next: Rollout = { ...rollout, approval: { by: call.caller.actor, atMs: call.nowMs } };
    if (await keepDraft(call, next, { kind: 'rollout-approved', details: named(next) })) {
      return { ...next, revision: next.revision + 1 };
    }
  }
  return throwContended(rolloutId);
}

/** Two pairs of eyes: those of somebody else, who may do what the rollout does. */
function requireOtherPerson(call: Call, { name, createdBy, role }: Rollout): void {
  const { actor } = call.caller;
  if (actor === createdBy || actor.startsWith('token:')) {
    const who = actor === createdBy ? 'who created it' : 'a program';
    throw new FleetError('approval-own', `Rollout ${name} is not approved by ${who}`, {
      remedy: 'Ask another person to approve it.',
    });
  }
  requireRole(call, role, 'approve a rollout of an admin');
}

async function openGate(call: Call, rolloutId: string): Promise<Rollout> {
  await requireOwnRollout(call, rolloutId);
  const { rollout: opened } = await alterRollout(call, rolloutId, (draft, view) => {
    const { rollout } = view;
    const { state, waves, waveIndex, waveOverAtMs, gateOpened } = rollout;
    if (state !== 'running' && state !== 'paused') throwUnfit(rollout, 'Only one that has begun has gates to open.');
    const isGate = waves[waveIndex]?.gate === 'manual';
    // Who approves has seen how the wave went.
    if (!isGate || waveOverAtMs === undefined) throwUnfit(rollout, 'It does not wait for approval now.');
    if (!gateOpened) openingGate(call.caller.actor)(draft, view);
  });
  return opened;
}
