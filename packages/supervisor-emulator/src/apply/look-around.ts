import type { App, Apply, Model } from '../model/model.js';
import { beginSteps } from './begin-steps.js';
import { finish, startFinishing } from './finish-apply.js';
import { firstHolder, heldUntil, withTriedLocks } from './lock-hold.js';
import { isEmpty, planOf } from './plan.js';
import type { Plan } from './plan.js';
import { stageOf } from './stage-of.js';
import { durationsMs, refusedLockMs } from './stages.js';

/** The Supervisor looks what is left to do, and begins as much of it as it can. */
export function lookAround(model: Model, app: App, apply: Apply, now: number): App {
  const plan = planOf(model, app, apply);
  const stage = apply.stage === 'waiting' ? 'preparing' : apply.stage;
  const looking: App = { ...app, apply: { ...apply, stage, until: Infinity } };
  if (isEmpty(plan) && app.steps.length === 0) {
    return apply.hasChanged ? startFinishing(looking, apply, now) : finish(model, looking, apply, now);
  }
  const pending = apply.goal === 'target' ? { ...app.reported, pending: true } : app.reported;
  return named(begin(model, { ...looking, reported: pending }, plan, now), now);
}

function begin(model: Model, app: App, plan: Plan, now: number): App {
  const needsLocks = [...plan.kills, ...plan.installs, ...plan.renames, ...plan.reboots].some(({ isFree }) => !isFree);
  const isLocking = app.steps.some(({ does }) => does === 'lock');
  if (app.ownLocks === 'held' && !isLocking) {
    const isOver = model.era.locksOnlyToKill && !needsLocks && !app.steps.some(({ does }) => does === 'kill');
    const kept: App = isOver && app.apply?.goal === 'target' ? { ...app, ownLocks: 'none' } : app;
    if (plan.reboots.length > 0) return rebooting(kept);
    return beginSteps(kept, plan, true, now);
  }
  const begun = beginSteps(app, plan, false, now);
  return needsLocks && !isLocking ? takeLocks(begun, now) : begun;
}

// Another operation of the Supervisor is waited for; a user's lock ends the attempt.
function takeLocks(app: App, now: number): App {
  const { apply } = app;
  if (!apply) return app;
  const freeAt = heldUntil(app);
  if (freeAt > now) return { ...app, apply: { ...apply, stage: 'waiting', until: freeAt } };
  const refusedBy = apply.force ? undefined : firstHolder(app);
  const tried = withTriedLocks(app, refusedBy);
  const durationMs = refusedBy === undefined ? durationsMs[apply.goal].lock : refusedLockMs;
  const steps = [...tried.steps, { does: 'lock', refusedBy, until: now + durationMs } as const];
  if (refusedBy !== undefined) return { ...tried, steps, ownLocks: 'none' };
  return { ...tried, steps, ownLocks: 'held', locks: apply.force ? [] : app.locks };
}

function rebooting(app: App): App {
  return app.apply ? { ...app, apply: { ...app.apply, stage: 'rebooting' } } : app;
}

// What ends at once is looked at again at once.
function named(app: App, now: number): App {
  const { apply, steps } = app;
  if (!apply || apply.stage === 'waiting' || apply.stage === 'rebooting') return app;
  const until = steps.length === 0 && apply.until === Infinity ? now : apply.until;
  return { ...app, apply: { ...apply, until, stage: stageOf(app) ?? apply.stage } };
}
