import { advanceApp } from '../apply/advance-app.js';
import type { Model } from '../model/model.js';
import { changeApps } from './change-apps.js';
import { comeBack } from './power.js';

/**
 * Brings the model to this moment, with all changes that time alone has caused.
 * Every other transition expects a model settled at its moment.
 */
export function settle(model: Model, now: number): Model {
  const { outage } = model;
  if (!outage) return changeApps(model, (app) => advanceApp(model, app, now));
  return now < outage.until ? model : settle(comeBack(model, outage.until), now);
}

/** The next moment at which time alone changes something, in ms since the epoch; `Infinity` if there is none. */
export function nextMoment({ outage, apps }: Model): number {
  if (outage) return outage.until;
  const moments = apps.flatMap(({ apply, tasks }) => [apply?.until ?? Infinity, ...tasks.map(({ at }) => at)]);
  return Math.min(Infinity, ...moments);
}
