import type { Model } from '../model.js';
import { lock, unlock } from '../transitions.js';
import { appOf } from './app-of.js';

/** What the apps do with their update locks. */
export const lockControls = {
  lock(model: Model, now: number, owner: { readonly appId?: number; readonly serviceName?: string } = {}): Model {
    const app = appOf(model, owner.appId, 'lock');
    const names = app.release.services.map(({ serviceName }) => serviceName);
    const serviceName = owner.serviceName ?? names[0];
    if (serviceName === undefined || !names.includes(serviceName)) {
      throw new TypeError(`lock: app ${app.appId} has no service "${serviceName}"; it has: ${names.join(', ')}.`);
    }
    return lock(model, app.appId, serviceName, now);
  },
  unlock(model: Model, now: number, owner: { readonly appId?: number } = {}): Model {
    return unlock(model, appOf(model, owner.appId, 'unlock').appId, now);
  },
};
