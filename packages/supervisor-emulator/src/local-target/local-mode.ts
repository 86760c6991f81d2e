import { abandonApply, startTarget } from '../apply/start-apply.js';
import { idle, nothingReported } from '../model/releases.js';
import type { App, Model } from '../model/model.js';

/** Local mode begins: the cloud's apps are set aside. Without a cloud, the apps are already local. */
export function enterLocalMode(model: Model): Model {
  if (model.localMode) return model;
  const local = withMode(model, true);
  return model.cloud === 'none' ? { ...local, cloudApps: [] } : { ...local, cloudApps: model.apps, apps: [] };
}

/** Local mode ends: its leftovers are removed, and the apps of the cloud are recreated. */
export function leaveLocalMode(model: Model, now: number): Model {
  if (!model.localMode) return model;
  const cloud = { ...withMode(model, false), cloudApps: undefined };
  const startAgain = (app: App): App => {
    const calm = { ...abandonApply(cloud, app, now), ...idle, containers: [], locks: [], reported: nothingReported };
    return startTarget(cloud, calm, { force: false, failures: 0 }, now);
  };
  return { ...cloud, apps: (model.cloudApps ?? []).map(startAgain) };
}

function withMode(model: Model, localMode: boolean): Model {
  const wantedConfig = { ...model.host.wantedConfig, SUPERVISOR_LOCAL_MODE: String(localMode) };
  return { ...model, localMode, host: { ...model.host, wantedConfig } };
}
