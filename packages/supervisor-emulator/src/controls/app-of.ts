import type { App, Model } from '../model/model.js';

/** The app that a control refers to, by default the first. @throws TypeError if there is none. */
export function appOf(model: Model, appId: number | undefined, control: string): App {
  const app = appId === undefined ? model.apps[0] : model.apps.find((candidate) => candidate.appId === appId);
  if (!app) throw new TypeError(`${control}: this device has no app${appId === undefined ? '' : ` ${appId}`}.`);
  return app;
}
