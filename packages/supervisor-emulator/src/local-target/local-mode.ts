import { makeContainers } from '../model.js';
import type { App, Model } from '../model.js';

/** Local mode begins: the cloud's apps are put aside. Without a cloud the apps are local ones already. */
export function enterLocalMode(model: Model): Model {
  if (model.localMode) return model;
  const local = withMode(model, true);
  return model.cloud === 'none' ? { ...local, cloudApps: [] } : { ...local, cloudApps: model.apps, apps: [] };
}

/** Local mode ends: what it left goes, the cloud's apps run again in new containers. */
export function leaveLocalMode(model: Model, now: number): Model {
  if (!model.localMode) return model;
  const startAgain = (app: App): App => {
    return { ...app, containers: makeContainers(model.seed, app.release, now), lockedBy: null, update: null };
  };
  const apps = (model.cloudApps ?? []).map(startAgain);
  return { ...withMode(model, false), cloudApps: null, apps, leftImages: [] };
}

function withMode(model: Model, localMode: boolean): Model {
  const wantedConfig = { ...model.host.wantedConfig, SUPERVISOR_LOCAL_MODE: String(localMode) };
  return { ...model, localMode, host: { ...model.host, wantedConfig } };
}
