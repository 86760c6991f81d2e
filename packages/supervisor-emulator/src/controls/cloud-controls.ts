import { isCommit } from '../options/app-options.js';
import { isRefusal } from '../model/cloud.js';
import type { CloudState } from '../model/cloud.js';
import { enterLocalMode, leaveLocalMode } from '../local-target/local-mode.js';
import type { Model } from '../model/model.js';
import { offerRelease } from '../transitions/update.js';
import { appOf } from './app-of.js';

/** A release that the cloud wants an app to run. */
export interface ReleaseOffer {
  /** The ID of the release. */
  commit: string;
  /** @default that of the first app */
  appId?: number;
  /**
   * The image ID of its first service; the others count up. `/v1/device` shows the service with the lowest image ID, so a
   * download appears there only if this is lower than the ID of the running one.
   * @default one more than the highest so far
   */
  firstImageId?: number;
  /** How long its images take to download. @default the Supervisor's `downloadDurationMs` */
  downloadDurationMs?: number;
  /** Whether its images can be downloaded; if not, every attempt of the update fails. @default true */
  pullable?: boolean;
}

/** Events in the cloud. */
export const cloudControls = {
  releaseAvailable(model: Model, _now: number, offer: ReleaseOffer): Model {
    const {
      commit,
      appId,
      firstImageId,
      pullable = true,
      downloadDurationMs = model.timings.downloadDurationMs,
    } = offer;
    if (!isCommit(commit)) throw new TypeError('releaseAvailable: commit must be a non-empty string.');
    if (firstImageId !== undefined && !(Number.isSafeInteger(firstImageId) && firstImageId > 0)) {
      throw new TypeError('releaseAvailable: firstImageId must be a positive integer.');
    }
    if (!(Number.isFinite(downloadDurationMs) && downloadDurationMs >= 0)) {
      throw new TypeError('releaseAvailable: downloadDurationMs must be a number of milliseconds, 0 or more.');
    }
    const app = appOf(model, appId, 'releaseAvailable');
    return offerRelease(model, app.appId, {
      commit,
      downloadDurationMs: pullable ? downloadDurationMs : undefined,
      ...(firstImageId === undefined ? {} : { firstImageId }),
    });
  },
  setCloud(model: Model, now: number, cloud: CloudState): Model {
    if (cloud !== 'up' && cloud !== 'down' && !isRefusal(cloud)) {
      throw new TypeError("setCloud: the cloud must be 'up', 'down', or a refusal with a status from 400 to 599.");
    }
    if (model.cloud === 'none') throw new TypeError('setCloud: an unmanaged device has no cloud.');
    if (model.cloud === cloud) return model;
    return { ...model, cloud, cloudDownSince: cloud === 'down' ? now : undefined };
  },
  setInstantUpdates: (model: Model, _now: number, instantUpdates: boolean): Model => ({ ...model, instantUpdates }),
  setLocalMode: (model: Model, now: number, enabled: boolean): Model =>
    enabled ? enterLocalMode(model) : leaveLocalMode(model, now),
  setHealthy: (model: Model, _now: number, healthy: boolean): Model => ({ ...model, healthy }),
};
