import type { App, Apply, Model } from '../model/model.js';
import { beginSteps } from './begin-steps.js';
import { finish, startFinishing } from './finish-apply.js';
import { firstHolder, heldUntil, withTriedLocks } from './lock-hold.js';
import { isEmpty, planOf } from './plan.js';
import type { Plan } from './plan.js';
import { stageOf } from './stage-of.js';
import { durationsOf, pendingMs, refusedLockMs } from './stages.js';

/** The Supervisor looks what is left to do, and begins as much of it as it can. */
export function lookAround(model: Model, app: App, apply: Apply, now: number): App {
  const plan = planOf(model, app, apply);
  const stage = apply.stage === 'waiting' ? 'preparing' : apply.stage;
  const isSmall = apply.hasChanged ? apply.isSmall : isOfOneService(plan, apply);
  const looking: App = { ...app, apply: { ...apply, stage, isSmall, until: Infinity } };
  if (isEmpty(plan) && app.steps.length === 0) {
    return apply.hasChanged ? startFinishing(looking, apply, now) : finish(model, looking, apply, now);
  }
  if (apply.goal !== 'target' || app.reported.pending) return named(begin(model, looking, plan, now), plan, now);
  const pending = { ...app.reported, pending: true };
  return { ...app, reported: pending, apply: { ...apply, until: now + pendingMs } };
}

// One of several. An app of one service takes the usual time.
function isOfOneService({ kills, installs, renames }: Plan, { release }: Apply): boolean {
  const containers = [...kills, ...renames].map(({ container }) => container);
  const services = [...containers, ...installs.map(({ part }) => part)].map(({ service }) => service.serviceName);
  return release.services.length > 1 && new Set(services).size === 1;
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
  const durationMs = refusedBy === undefined ? durationsOf(apply).lock : refusedLockMs;
  const steps = [...tried.steps, { does: 'lock', refusedBy, until: now + durationMs } as const];
  if (refusedBy !== undefined) return { ...tried, steps, ownLocks: 'none' };
  return { ...tried, steps, ownLocks: 'held', locks: apply.force ? [] : app.locks };
}

function rebooting(app: App): App {
  return app.apply ? { ...app, apply: { ...app.apply, stage: 'rebooting' } } : app;
}

// What is done at once is soon followed by another look.
function named(app: App, { records, renames }: Plan, now: number): App {
  const { apply, steps } = app;
  if (!apply || apply.stage === 'waiting' || apply.stage === 'rebooting') return app;
  const pauseMs = renames.length > 0 ? renameMs : Math.min(1, records.length) * recordMs;
  const until = steps.length === 0 && apply.until === Infinity ? now + pauseMs : apply.until;
  return { ...app, apply: { ...apply, until, stage: stageOf(app) ?? apply.stage } };
}

const renameMs = 300;
const recordMs = 100;
