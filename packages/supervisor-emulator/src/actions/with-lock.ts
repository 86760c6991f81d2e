import { firstHolder, lockedUntil, withTriedLocks } from '../apply/lock-hold.js';
import { lockWords } from '../eras/lock-words.js';
import type { App, Model } from '../model/model.js';
import type { Outcome } from '../call/route.js';
import { changeApps } from '../transitions/change-apps.js';

export interface LockedWork {
  appIds: readonly number[];
  /** The only service whose lock counts. @default all of them */
  serviceName?: string | undefined;
  /** Removes the users' locks. */
  force: boolean;
  /** The answer when the locks are not available, with the reason. */
  locked: (reason: string, model: Model) => Outcome;
  /** The work under the locks, which are released afterwards. */
  work: (model: Model, now: number) => Outcome;
}

/**
 * Does work under the locks of these apps, which each operation of the Supervisor takes in the same way. It waits at most
 * 10 s for another operation; older versions wait without end. Users' locks block it at once, unless it is forced.
 */
export function withLock(model: Model, work: LockedWork, now: number): Outcome {
  return tryLock(model, work, now, now + (model.era.busyLocksAreAwaited ? Infinity : longestWaitMs));
}

/** The service whose lock blocks work on its app; undefined if none does. */
function lockHolder(app: App, serviceName?: string): string | undefined {
  return serviceName === undefined ? firstHolder(app) : app.locks.find((holder) => holder === serviceName);
}

function tryLock(model: Model, work: LockedWork, now: number, deadline: number): Outcome {
  // In the order of the locks: the last of several reasons is reported.
  const apps = model.apps.filter(({ appId }) => work.appIds.includes(appId)).toSorted(byText);
  const busy = apps.filter((app) => lockedUntil(app) > now);
  if (busy.length > 0 && now < deadline) {
    const freeAt = Math.max(...busy.map(lockedUntil));
    return { until: Math.min(deadline, freeAt), resume: (later, at) => tryLock(later, work, at, deadline) };
  }
  const tried = changeApps(model, (app) =>
    apps.includes(app) && !busy.includes(app)
      ? withTriedLocks(app, work.force ? undefined : lockHolder(app, work.serviceName))
      : app,
  );
  const reasons = apps.flatMap((app) => {
    if (busy.includes(app)) return [`Locks for app ${app.appId} are being held by another supervisor operation`];
    const holder = lockHolder(app, work.serviceName);
    return holder === undefined || work.force ? [] : [lockWords(model.era, app.appId, holder)];
  });
  const reason = reasons.at(-1);
  if (reason !== undefined) return { model: tried, ...work.locked(reason, tried) };
  if (!work.force) return withModel(tried, work.work(tried, now));
  const isKept = (holder: string): boolean => work.serviceName !== undefined && holder !== work.serviceName;
  const isOfWork = ({ appId }: App): boolean => apps.some((app) => app.appId === appId);
  const unlocked = changeApps(tried, (app) =>
    isOfWork(app) && app.locks.length > 0 ? { ...app, locks: app.locks.filter(isKept) } : app,
  );
  return withModel(unlocked, work.work(unlocked, now));
}

function withModel(model: Model, outcome: Outcome): Outcome {
  return { ...outcome, model: outcome.model ?? model };
}

function byText(one: { appId: number }, other: { appId: number }): number {
  const [a, b] = [String(one.appId), String(other.appId)];
  return a < b ? -1 : Number(a > b);
}

const longestWaitMs = 10_000;
