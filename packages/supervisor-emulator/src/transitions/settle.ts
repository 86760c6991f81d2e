import { advanceApp } from '../apply/advance-app.js';
import type { Model } from '../model/model.js';
import { changeApps } from './change-apps.js';
import { bootContainers, comeBack, goDown, isBootDue } from './power.js';
import { nextMomentOf } from '../apply/lock-hold.js';

/**
 * Brings the model to this moment, with all changes that time alone has caused.
 * Every other transition expects a model settled at its moment.
 */
export function settle(model: Model, now: number): Model {
  const { outage } = model;
  if (!outage) {
    const advanced = changeApps(model, (app) => advanceApp(model, app, now));
    const isRebooting = advanced.apps.some(({ apply }) => apply?.stage === 'rebooting');
    return isRebooting ? goDown(advanced, 'reboot', now) : advanced;
  }
  const isBooting = isBootDue(model) && now >= outage.containersAt;
  const booted = isBooting ? bootContainers(model, outage.containersAt) : model;
  return now < outage.until ? booted : settle(comeBack(booted, outage.until), now);
}

/** The next moment at which time alone changes something, in ms since the epoch; `Infinity` if there is none. */
export function nextMoment(model: Model): number {
  const { outage, apps } = model;
  if (outage) return isBootDue(model) ? Math.min(outage.containersAt, outage.until) : outage.until;
  return Math.min(Infinity, ...apps.map(nextMomentOf));
}
