import { ensureKeys } from '../model/keys.js';
import type { App, Model, Release, ReleaseService } from '../model/model.js';
import { makeRelease } from '../model/releases.js';
import { labelsWith } from '../model/strategy.js';
import type { UpdateStrategy } from '../model/strategy.js';
import { changeApp } from './change-apps.js';

/** What the cloud offers. */
export interface Offer {
  commit: string;
  firstImageId?: number;
  /** undefined if the download fails. */
  downloadDurationMs: number | undefined;
  /** All services of the release. @default those that run, with new images */
  services?: readonly OfferedService[];
}

/** What is different from the service as it is known so far. */
export interface OfferedService extends Partial<Omit<ReleaseService, 'serviceName'>> {
  serviceName: string;
  /** Whether its image has the same contents. */
  hasSameContents?: boolean;
  /** Whether its image also has the same name and number. */
  hasSameImage?: boolean;
  /** Added to its labels. */
  strategy?: UpdateStrategy | undefined;
}

/** The cloud has a release for the app, a new one or one that is known. A known one may be given other services. */
export function offerRelease(model: Model, appId: number, offer: Offer): Model {
  const offered = changeApp(model, appId, (app) => ({ ...app, offered: releaseOf(model, app, offer) }));
  const services = offered.apps.find((app) => app.appId === appId)?.offered.services ?? [];
  return ensureKeys(
    offered,
    appId,
    services.map(({ serviceName }) => serviceName),
  );
}

function releaseOf(model: Model, app: App, offer: Offer): Release {
  const known = [app.release, app.target, app.offered].find(({ commit }) => commit === offer.commit);
  if (!known) return newRelease(model, app, offer);
  if (!offer.services) return known;
  const { downloadDurationMs } = offer;
  const services = offer.services.map((offered) => ({ hasSameImage: true, ...offered }));
  return { ...newRelease(model, app, { ...offer, services }), releaseId: known.releaseId, downloadDurationMs };
}

function newRelease(model: Model, app: App, { commit, firstImageId, downloadDurationMs, services }: Offer): Release {
  const releases = [app.release, app.target, app.offered];
  const highestImage = Math.max(0, ...releases.flatMap((release) => release.services.map(({ imageId }) => imageId)));
  const highestService = Math.max(0, ...releases.flatMap((release) => release.services.map((each) => each.serviceId)));
  const offered: readonly OfferedService[] =
    services ??
    (app.release.commit === '' ? app.target : app.release).services.map(({ serviceName }) => ({ serviceName }));
  return makeRelease(model.seed, app.appId, {
    commit,
    downloadDurationMs,
    releaseId: Math.max(...releases.map(({ releaseId }) => releaseId)) + 1,
    firstImageId: firstImageId ?? highestImage + 1,
    services: offered.map((service, index) => serviceOf(model, app, service, highestService + 1 + index)),
  });
}

function serviceOf(
  { era }: Model,
  app: App,
  offered: OfferedService,
  serviceId: number,
): Partial<ReleaseService> & { serviceName: string } {
  const service = { serviceId, ...inherited(app, offered), ...differing(offered) };
  const labels = labelsWith(era, service.labels, offered.strategy);
  return labels === undefined ? service : { ...service, labels };
}

/** What a service has in common with the one of the same name that is known so far. */
function inherited(app: App, { serviceName, hasSameContents, hasSameImage }: OfferedService): Partial<ReleaseService> {
  const services = [...app.target.services, ...app.release.services];
  const service = services.find((each) => each.serviceName === serviceName);
  if (!service) return {};
  const { imageId, image, dockerImageId, downloadDurationMs: _downloadDurationMs, ...rest } = service;
  if (hasSameImage === true) return service;
  return hasSameContents === true ? { ...rest, dockerImageId } : rest;
}

function differing(offered: OfferedService): Partial<ReleaseService> & { serviceName: string } {
  const { hasSameContents: _hasSameContents, hasSameImage: _hasSameImage, strategy: _strategy, ...service } = offered;
  return service;
}
