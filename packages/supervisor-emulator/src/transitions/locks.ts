import type { Model } from '../model/model.js';
import { withTriedLocks } from '../apply/lock-hold.js';
import { changeApp } from './change-apps.js';
import { settle } from './settle.js';

/** A service takes the user's update lock of its app. */
export function lock(model: Model, appId: number, serviceName: string): Model {
  return changeApp(model, appId, (app) =>
    app.locks.includes(serviceName) ? app : { ...app, locks: [...app.locks, serviceName] },
  );
}

/** Releases the user's locks of the app, or that of one service. Blocked work continues with its next attempt. */
export function unlock(model: Model, appId: number, serviceName?: string): Model {
  return changeApp(model, appId, (app) => ({
    ...app,
    locks: serviceName === undefined ? [] : app.locks.filter((holder) => holder !== serviceName),
  }));
}

/** Another operation of the Supervisor takes the app's locks or releases them; waiting work then continues. */
export function hold(model: Model, appId: number, held: boolean, now: number): Model {
  const changed = changeApp(model, appId, (app) => {
    const waits = !held && app.apply?.stage === 'waiting';
    const tried = held ? withTriedLocks(app) : app;
    return { ...tried, held, apply: waits && app.apply ? { ...app.apply, until: now } : app.apply };
  });
  return settle(changed, now);
}
