import { lockedUntil } from '../apply/advance-app.js';
import type { Model } from '../model.js';
import type { Outcome } from '../routes/route.js';
import { changeApps } from './change-apps.js';

export interface LockedWork {
  readonly appIds: readonly number[];
  /** Removes the users' locks. */
  readonly force: boolean;
  /** How long to wait for locks that the Supervisor itself holds. */
  readonly maxWaitMs?: number;
  /** The answer where they cannot be had, and why. */
  readonly locked: (reason: string) => Outcome;
  /** What to do with the locks taken; they are released again. */
  readonly work: (model: Model, now: number) => Outcome;
}

/**
 * Does what needs the locks of these apps, as each operation of the Supervisor takes them: at most 10 s are waited for
 * another operation, users' locks refuse it at once, unless it is forced.
 */
export function withLock(model: Model, work: LockedWork, now: number): Outcome {
  return tryLock(model, work, now, now + (work.maxWaitMs ?? longestWaitMs));
}

function tryLock(model: Model, work: LockedWork, now: number, deadline: number): Outcome {
  // In the order of the locks; of several reasons the last one is told.
  const apps = model.apps.filter(({ appId }) => work.appIds.includes(appId)).toSorted(byText);
  const busy = apps.filter((app) => lockedUntil(app) > now);
  if (busy.length > 0 && now < deadline) {
    const freeAt = Math.max(...busy.map(lockedUntil));
    return { until: Math.min(deadline, freeAt), resume: (later, at) => tryLock(later, work, at, deadline) };
  }
  const reasons = apps.flatMap((app) => {
    if (busy.includes(app)) return [`Locks for app ${app.appId} are being held by another supervisor operation`];
    const [holder] = app.locks;
    if (holder === undefined || work.force) return [];
    return [`Lockfile exists for { appId: ${app.appId}, service: ${holder} }`];
  });
  const reason = reasons.at(-1);
  if (reason !== undefined) return work.locked(reason);
  if (!work.force) return work.work(model, now);
  const unlocked = changeApps(model, (app) =>
    apps.includes(app) && app.locks.length > 0 ? { ...app, locks: [] } : app,
  );
  const outcome = work.work(unlocked, now);
  return { ...outcome, model: outcome.model ?? unlocked };
}

function byText(one: { appId: number }, other: { appId: number }): number {
  const [a, b] = [String(one.appId), String(other.appId)];
  return a < b ? -1 : Number(a > b);
}

const longestWaitMs = 10_000;
