import { enterLocalMode, leaveLocalMode } from '../local-target/local-mode.js';
import type { Model } from '../model.js';
import { isCommit } from '../supervisor-options.js';
import type { ReleaseOffer } from '../supervisor.js';
import { offerRelease } from '../transitions.js';
import { appOf } from './app-of.js';

/** What the cloud does. */
export const cloudControls = {
  releaseAvailable(model: Model, _now: number, { commit, appId, firstImageId }: ReleaseOffer): Model {
    if (!isCommit(commit)) throw new TypeError('releaseAvailable: commit must be a string that is not empty.');
    if (firstImageId !== undefined && !(Number.isSafeInteger(firstImageId) && firstImageId > 0)) {
      throw new TypeError('releaseAvailable: firstImageId must be a positive integer.');
    }
    const offer = { appId: appOf(model, appId, 'releaseAvailable').appId, commit };
    return offerRelease(model, firstImageId === undefined ? offer : { ...offer, firstImageId });
  },
  setInstantUpdates: (model: Model, _now: number, instantUpdates: boolean): Model => ({ ...model, instantUpdates }),
  setLocalMode: (model: Model, now: number, enabled: boolean): Model =>
    enabled ? enterLocalMode(model) : leaveLocalMode(model, now),
  setHealthy: (model: Model, _now: number, healthy: boolean): Model => ({ ...model, healthy }),
};
