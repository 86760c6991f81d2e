import type { App, Apply, Model, StageName } from '../model/model.js';
import { nothingReported } from '../model/releases.js';
import { endTask } from './end-task.js';
import { differencesOf, isDone, nextStage } from './next-stage.js';
import { enterStage, leaveStage } from './stage-effects.js';
import { failingPullMs, lockedStages, retryDelayMs, stageDurationsMs } from './stages.js';

/** The app with all changes that time alone has caused, each at its own moment. */
export function advanceApp(model: Model, app: App, now: number): App {
  for (let current = app; ;) {
    const [task] = current.tasks;
    const taskAt = task?.at ?? Infinity;
    const stageEndsAt = current.apply?.until ?? Infinity;
    if (Math.min(taskAt, stageEndsAt) > now) return current;
    if (task && taskAt <= stageEndsAt) current = endTask(model, current, task);
    else if (current.apply) current = endStage(model, current, current.apply, stageEndsAt);
  }
}

/** Begins to bring the app to its target, unless it has reached it. */
export function startTarget(model: Model, app: App, how: { force: boolean; failures: number }, now: number): App {
  const apply = begun({ goal: 'target', release: app.target, replaced: [], ...how }, 'preparing', now);
  const isThere = app.release.commit === app.target.commit && isDone(differencesOf(model, app, apply));
  return isThere ? { ...app, apply: undefined, reported: nothingReported } : { ...app, apply };
}

/** Starts to recreate the running containers. The app's locks must be free. */
export function startRecreation(app: App, goal: 'restart' | 'purge', now: number): App {
  const [first] = app.containers;
  const services = app.containers.map(({ service }) => service);
  const replaced = app.containers.map(({ containerId }) => containerId);
  const release = { ...app.release, ...(first && { commit: first.commit, releaseId: first.releaseId }), services };
  return { ...app, apply: begun({ goal, release, replaced, force: false, failures: 0 }, 'downloaded', now) };
}

/** Until when the Supervisor itself holds the app's locks: `-Infinity` if it does not, `Infinity` if the end is unknown. */
export function lockedUntil(app: App): number {
  if (app.held) return Infinity;
  const byTasks = app.tasks.filter(({ locked }) => locked).map(({ at }) => at);
  const byApply = app.apply && lockedStages.has(app.apply.stage) ? [app.apply.until] : [];
  return Math.max(-Infinity, ...byTasks, ...byApply);
}

function begun(
  apply: Pick<Apply, 'goal' | 'release' | 'replaced' | 'force' | 'failures'>,
  stage: StageName,
  now: number,
): Apply {
  return { ...apply, stage, startedAt: now, since: now, until: now + durationOf(apply, stage), queued: undefined };
}

function endStage(model: Model, app: App, apply: Apply, now: number): App {
  const left = leaveStage(app, apply);
  const pullFailed = apply.stage === 'downloading' && apply.release.downloadDurationMs === undefined;
  if (pullFailed) return fail(model, left, apply, 'pull-failed', now);
  const next = nextStage(apply.stage, differencesOf(model, left, apply));
  if (next === undefined) return finish(model, left, apply, now);
  if (next !== 'take-lock') return enter(model, left, apply, next, now);
  const freeAt = lockedUntil({ ...left, apply: undefined });
  if (freeAt > now) return endingAt(enter(model, left, apply, 'waiting', now), freeAt);
  if (left.locks.length > 0 && !apply.force) return fail(model, left, apply, 'blocked', now);
  return enter(model, apply.force ? { ...left, locks: [] } : left, apply, 'downloaded', now);
}

function enter(model: Model, app: App, apply: Apply, stage: StageName, now: number): App {
  const entered = enterStage(model, app, apply, stage, now);
  return {
    ...entered,
    apply: { ...apply, stage, since: now, until: now + durationOf(apply, stage) },
    reported: apply.goal === 'target' ? { ...entered.reported, pending: true } : entered.reported,
  };
}

function fail({ era }: Model, app: App, apply: Apply, stage: 'blocked' | 'pull-failed', now: number): App {
  const failures = apply.failures + 1;
  return {
    ...app,
    apply: { ...apply, stage, failures, since: now, until: now + retryDelayMs(failures, era) },
    reported: { ...app.reported, pending: true, failed: true },
  };
}

// After a restart or purge, or if requested meanwhile, the Supervisor checks its target again.
function finish(model: Model, app: App, { goal, release, queued }: Apply, now: number): App {
  const ended: App = { ...app, apply: undefined };
  const applied = goal === 'target' ? { ...ended, release, reported: nothingReported } : ended;
  if (goal === 'target' && !queued) return applied;
  return startTarget(model, applied, { force: queued?.force ?? false, failures: 0 }, now);
}

function endingAt(app: App, until: number): App {
  return app.apply ? { ...app, apply: { ...app.apply, until } } : app;
}

function durationOf({ goal, release }: Pick<Apply, 'goal' | 'release'>, stage: StageName): number {
  if (stage === 'downloading') return release.downloadDurationMs ?? failingPullMs;
  return stageDurationsMs[goal][stage] ?? 0;
}
