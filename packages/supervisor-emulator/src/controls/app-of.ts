import type { App, Model } from '../model/model.js';

/** The app that a control refers to, by default the first. @throws TypeError if there is none. */
export function appOf(model: Model, appId: number | undefined, control: string): App {
  const app = appId === undefined ? model.apps[0] : model.apps.find((candidate) => candidate.appId === appId);
  if (!app) throw new TypeError(`${control}: this device has no app${appId === undefined ? '' : ` ${appId}`}.`);
  return app;
}

/** A service of the app, of the release that is offered or that runs, by default the first. @throws TypeError if there is none. */
export function serviceOf(app: App, wanted: string | undefined, control: string): string {
  const offered = app.offered.services.map(({ serviceName }) => serviceName);
  const names = [...new Set([...offered, ...app.release.services.map(({ serviceName }) => serviceName)])];
  const serviceName = wanted ?? names[0];
  if (serviceName !== undefined && names.includes(serviceName)) return serviceName;
  throw new TypeError(
    `${control}: app ${app.appId} has no service "${serviceName ?? ''}". Its services: ${names.join(', ')}.`,
  );
}
