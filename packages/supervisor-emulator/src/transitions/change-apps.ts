import type { App, Model } from '../model/model.js';

/** The model with its apps changed; the same one if none was. */
export function changeApps(model: Model, change: (app: App) => App): Model {
  const apps = model.apps.map(change);
  return apps.every((app, index) => app === model.apps[index]) ? model : { ...model, apps };
}

/** The model with one app changed. */
export function changeApp(model: Model, appId: number, change: (app: App) => App): Model {
  return changeApps(model, (app) => (app.appId === appId ? change(app) : app));
}
