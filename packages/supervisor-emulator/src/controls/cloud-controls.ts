import { isRefusal } from '../model/cloud.js';
import type { CloudState } from '../model/cloud.js';
import { enterLocalMode, leaveLocalMode } from '../local-target/local-mode.js';
import { normaliseConfig } from '../model/device-config.js';
import type { Model } from '../model/model.js';
import { isTextDictionary } from '../options/host-options.js';
import { offerRelease } from '../transitions/offer-release.js';
import { pollCloud } from '../transitions/update.js';
import { appOf } from './app-of.js';
import { readOffer } from './release-offer.js';
import type { ReleaseOffer } from './release-offer.js';

/** Events in the cloud. */
export const cloudControls = {
  releaseAvailable(model: Model, _now: number, offer: ReleaseOffer): Model {
    const read = readOffer(offer, model.timings.downloadDurationMs);
    return offerRelease(model, appOf(model, offer.appId, 'releaseAvailable').appId, read);
  },
  configAvailable(model: Model, _now: number, config: Readonly<Record<string, string>>): Model {
    if (!isTextDictionary(config)) throw new TypeError('configAvailable: config must be an object of strings.');
    return { ...model, host: { ...model.host, offeredConfig: normaliseConfig(config) } };
  },
  pollCloud: (model: Model, now: number): Model => (model.outage ? model : pollCloud(model, now)),
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
