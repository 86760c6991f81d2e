import { startTarget } from '../apply/advance-app.js';
import { abandonStage } from '../apply/stage-effects.js';
import { ensureKeys } from '../model/keys.js';
import type { App, Model } from '../model/model.js';
import { makeRelease } from '../model/releases.js';
import { changeApp, changeApps } from './change-apps.js';
import { settle } from './settle.js';

export interface UpdateRequest {
  force: boolean;
  cancel: boolean;
}

/** `POST /v1/update`: look for a new target and apply it. */
export function requestUpdate(model: Model, request: UpdateRequest, now: number): Model {
  if (model.cloud !== 'up' || model.localMode) return model;
  return settle(
    changeApps(model, (app) => updateApp(model, app, request, now)),
    now,
  );
}

/** The cloud has a new release for the app. */
export function offerRelease(model: Model, appId: number, offer: Offer): Model {
  const offered = changeApp(model, appId, (app) => {
    const known = [app.release, app.target, app.offered].find(({ commit }) => commit === offer.commit);
    return { ...app, offered: known ?? newRelease(model, app, offer) };
  });
  const services = offered.apps.find((app) => app.appId === appId)?.offered.services ?? [];
  return ensureKeys(
    offered,
    appId,
    services.map(({ serviceName }) => serviceName),
  );
}

export interface Offer {
  commit: string;
  firstImageId?: number;
  /** undefined if the download fails. */
  downloadDurationMs: number | undefined;
}

// A new target cancels the apply in progress. A repeated one waits for it, unless `cancel` is set. Older versions do not
// wait after a failed attempt.
function updateApp(model: Model, app: App, { force, cancel }: UpdateRequest, now: number): App {
  const isNew = app.offered.commit !== app.target.commit;
  const told = { ...app, target: app.offered };
  const { apply } = app;
  if (!apply) return startTarget(model, told, { force, failures: 0 }, now);
  if (apply.goal === 'target' && (isNew || cancel)) {
    return startTarget(model, abandonStage(model, told, now), { force, failures: isNew ? 0 : apply.failures }, now);
  }
  const isWaiting = apply.stage === 'blocked' || apply.stage === 'pull-failed';
  if (apply.goal === 'target' && isWaiting && model.era.updateEndsBackOff) {
    return startTarget(model, abandonStage(model, told, now), { force, failures: apply.failures }, now);
  }
  return { ...told, apply: { ...apply, queued: { force: force || (apply.queued?.force ?? false) } } };
}

function newRelease(model: Model, app: App, { commit, firstImageId, downloadDurationMs }: Offer): App['release'] {
  const known = [app.release, app.target, app.offered];
  const highestImage = Math.max(0, ...known.flatMap(({ services }) => services.map(({ imageId }) => imageId)));
  return makeRelease(model.seed, app.appId, {
    commit,
    downloadDurationMs,
    releaseId: Math.max(...known.map(({ releaseId }) => releaseId)) + 1,
    firstImageId: firstImageId ?? highestImage + 1,
    services: app.release.services.map(({ serviceName, serviceId, environment }) => ({
      serviceName,
      serviceId,
      environment,
    })),
  });
}
