import type { App, Apply, Model, Step } from '../model/model.js';
import { nothingReported } from '../model/releases.js';
import { dropDownloads, endAllSteps } from './end-step.js';
import { withTriedLocks } from './lock-hold.js';
import { isEmpty, planOf } from './plan.js';
import { durationsOf, pendingMs } from './stages.js';

export interface StartOptions {
  force: boolean;
  failures: number;
  /** Whether the Supervisor also looks if there is nothing to do, which shows for a moment. */
  looksAnyway?: boolean;
}

/** Begins to bring the app to its target, unless it is there. */
export function startTarget(
  model: Model,
  app: App,
  { force, failures, looksAnyway = false }: StartOptions,
  now: number,
): App {
  const target = { goal: 'target', release: app.target, replaced: [] } as const;
  const isThere = app.release.commit === app.target.commit && isEmpty(planOf(model, app, target));
  if (isThere && app.steps.length === 0 && !looksAnyway) {
    return { ...app, apply: undefined, ownLocks: 'none', reported: nothingReported };
  }
  const apply: Apply = {
    ...target,
    force,
    failures,
    stage: 'preparing',
    startedAt: now,
    until: now + durationsOf({ goal: 'target', isSmall: false }).preparing - (app.reported.pending ? 0 : pendingMs),
    hasChanged: false,
    isSmall: false,
    queued: undefined,
  };
  return { ...app, apply };
}

/** Starts to recreate the running containers. The app's locks must be free. */
export function startRecreation(app: App, goal: 'restart' | 'purge', now: number): App {
  const [first] = app.containers;
  const services = app.containers.map(({ service }) => service);
  const release = { ...app.release, ...(first && { commit: first.commit, releaseId: first.releaseId }), services };
  const apply: Apply = {
    goal,
    release,
    replaced: app.containers.map(({ containerId }) => containerId),
    force: false,
    failures: 0,
    stage: 'downloaded',
    startedAt: now,
    until: Infinity,
    hasChanged: false,
    isSmall: false,
    queued: undefined,
  };
  const locking: Step = { does: 'lock', refusedBy: undefined, until: now + durationsOf(apply).lock };
  return { ...withTriedLocks(app), ownLocks: 'held', apply, steps: [...app.steps, locking] };
}

/** Gives an apply up for another one. Downloads are dropped; what else has begun goes on, and locks stay held. */
export function interruptApply(app: App): App {
  return app.apply ? { ...dropDownloads(app), apply: undefined } : app;
}

/** Cancels an apply. Work that it has begun on containers and images is done at once, except for a download. */
export function abandonApply(model: Model, app: App, now: number): App {
  if (!app.apply && app.steps.length === 0) return app;
  return { ...endAllSteps(model, app, now), apply: undefined, ownLocks: 'none' };
}
