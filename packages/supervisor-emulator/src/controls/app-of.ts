import type { App, Model } from '../model/model.js';

/** The app a control means, by default the first; a TypeError if there is none. */
export function appOf(model: Model, appId: number | undefined, control: string): App {
  const app = appId === undefined ? model.apps[0] : model.apps.find((candidate) => candidate.appId === appId);
  if (!app) throw new TypeError(`${control}: there is no app${appId === undefined ? '' : ` ${appId}`} on this device.`);
  return app;
}
