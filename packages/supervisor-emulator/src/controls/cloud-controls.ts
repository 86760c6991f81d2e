import { isCommit } from '../app-options.js';
import { isRefusal } from '../host/cloud.js';
import type { CloudState } from '../host/cloud.js';
import { enterLocalMode, leaveLocalMode } from '../local-target/local-mode.js';
import type { Model } from '../model.js';
import type { ReleaseOffer } from '../supervisor.js';
import { offerRelease } from '../transitions/update.js';
import { appOf } from './app-of.js';

/** What the cloud does. */
export const cloudControls = {
  releaseAvailable(model: Model, _now: number, offer: ReleaseOffer): Model {
    const {
      commit,
      appId,
      firstImageId,
      pullable = true,
      downloadDurationMs = model.timings.downloadDurationMs,
    } = offer;
    if (!isCommit(commit)) throw new TypeError('releaseAvailable: commit must be a string that is not empty.');
    if (firstImageId !== undefined && !(Number.isSafeInteger(firstImageId) && firstImageId > 0)) {
      throw new TypeError('releaseAvailable: firstImageId must be a positive integer.');
    }
    if (!(Number.isFinite(downloadDurationMs) && downloadDurationMs >= 0)) {
      throw new TypeError('releaseAvailable: downloadDurationMs must be a number of milliseconds, 0 or more.');
    }
    const app = appOf(model, appId, 'releaseAvailable');
    return offerRelease(model, app.appId, {
      commit,
      downloadDurationMs: pullable ? downloadDurationMs : null,
      ...(firstImageId === undefined ? {} : { firstImageId }),
    });
  },
  setCloud(model: Model, now: number, cloud: CloudState): Model {
    if (cloud !== 'up' && cloud !== 'down' && !isRefusal(cloud)) {
      throw new TypeError("setCloud: the cloud is 'up', 'down', or refuses with a status from 400 to 599.");
    }
    if (model.cloud === 'none') throw new TypeError('setCloud: an unmanaged device has no cloud.');
    if (model.cloud === cloud) return model;
    return { ...model, cloud, cloudDownSince: cloud === 'down' ? now : null };
  },
  setInstantUpdates: (model: Model, _now: number, instantUpdates: boolean): Model => ({ ...model, instantUpdates }),
  setLocalMode: (model: Model, now: number, enabled: boolean): Model =>
    enabled ? enterLocalMode(model) : leaveLocalMode(model, now),
  setHealthy: (model: Model, _now: number, healthy: boolean): Model => ({ ...model, healthy }),
};
