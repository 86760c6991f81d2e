import type { Model } from '../model/model.js';
import { hold, lock, unlock } from '../transitions/locks.js';
import { appOf, serviceOf } from './app-of.js';

interface Owner {
  appId?: number;
  serviceName?: string;
}

/** Locks, which block updates and restarts. */
export const lockControls = {
  lock(model: Model, _now: number, owner: Owner = {}): Model {
    const app = appOf(model, owner.appId, 'lock');
    return lock(model, app.appId, serviceOf(app, owner.serviceName, 'lock'));
  },
  unlock(model: Model, _now: number, owner: Owner = {}): Model {
    const app = appOf(model, owner.appId, 'unlock');
    return unlock(model, app.appId, owner.serviceName && serviceOf(app, owner.serviceName, 'unlock'));
  },
  holdLocks: (model: Model, now: number, { appId }: { appId?: number } = {}): Model =>
    hold(model, appOf(model, appId, 'holdLocks').appId, true, now),
  releaseLocks: (model: Model, now: number, { appId }: { appId?: number } = {}): Model =>
    hold(model, appOf(model, appId, 'releaseLocks').appId, false, now),
};
