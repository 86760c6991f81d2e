import type { App, Apply, Model } from '../model/model.js';
import { nothingReported } from '../model/releases.js';
import { startTarget } from './start-apply.js';
import { durationsOf } from './stages.js';

/** All is done: the release runs, and the locks are still held. */
export function startFinishing(app: App, apply: Apply, now: number): App {
  return { ...app, apply: { ...apply, stage: 'finishing', until: now + durationsOf(apply).finishing } };
}

/** The locks are released, and the release counts as the one that runs. */
export function settleDown(model: Model, app: App, apply: Apply, now: number): App {
  const free: App = { ...app, ownLocks: 'none' };
  if (apply.goal !== 'target') return finish(model, free, apply, now);
  const until = now + durationsOf(apply).reporting;
  return { ...free, release: apply.release, apply: { ...apply, stage: 'reporting', until } };
}

/**
 * The apply is over. After a restart or purge the Supervisor looks at its target again, and so it does if it was asked to
 * meanwhile.
 */
export function finish(model: Model, app: App, { goal, release, queued }: Apply, now: number): App {
  const ended: App = { ...app, apply: undefined, ownLocks: 'none' };
  const applied = goal === 'target' ? { ...ended, release, reported: nothingReported } : ended;
  if (goal === 'target' && !queued) return applied;
  return startTarget(model, applied, { force: queued?.force ?? false, failures: 0 }, now);
}
