import type { App, Model } from '../model/model.js';

/** The app, if it is running or a target. */
export function findApp(model: Model, appId: number): App | undefined {
  return model.apps.find((app) => app.appId === appId && (app.containers.length > 0 || app.target.services.length > 0));
}
