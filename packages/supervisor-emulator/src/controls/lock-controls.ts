import type { App, Model } from '../model/model.js';
import { hold, lock, unlock } from '../transitions/locks.js';
import { appOf } from './app-of.js';

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

function serviceOf(app: App, wanted: string | undefined, control: string): string {
  const names = app.release.services.map(({ serviceName }) => serviceName);
  const serviceName = wanted ?? names[0];
  if (serviceName !== undefined && names.includes(serviceName)) return serviceName;
  throw new TypeError(
    `${control}: app ${app.appId} has no service "${serviceName}". Its services: ${names.join(', ')}.`,
  );
}
