import type { Era } from '../eras/era.js';
import type { App, Model, ReleaseService } from '../model/model.js';
import { downloadPercent, partsOf } from '../model/releases.js';

/** The body of `GET /v2/applications/state`: the apps in scope by their names, each with the services of its target. */
export function applicationsView(
  model: Model,
  isScoped: (appId: number) => boolean,
  now: number,
): Record<string, unknown> {
  const { era } = model;
  const isRich = !era.appsAreTerse;
  const wanted = model.apps.filter(({ isLeft }) => isLeft !== true);
  const shown = [...wanted, ...(model.cloudApps ?? []).map(putAside)].filter(({ appId }) => isScoped(appId));
  const entries = shown.map((app) => {
    const { commit } = app.target;
    const reports = era.awaitedImagesAreMissing ? reportsByImage(app, era, now) : reportsByTarget(app, now);
    const services = reports.map(({ serviceName, status, image, progress, releaseId }) => [
      serviceName,
      { status, ...(isRich ? { image } : {}), downloadProgress: progressIn(era, progress), releaseId },
    ]);
    return [
      app.appName,
      {
        appId: app.appId,
        ...(isRich ? { appUuid: app.appUuid } : {}),
        commit,
        ...(isRich ? { updateStatus: updateStatusOf(reports) } : {}),
        services: Object.fromEntries(services) as unknown,
      },
    ];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

interface ServiceReport {
  serviceName: string;
  status: string;
  image: string;
  progress: number | undefined;
  releaseId: number;
}

function progressIn({ zeroProgressIsNull }: Era, progress: number | undefined): number | null {
  return progress === undefined || (zeroProgressIsNull && progress === 0) ? null : progress;
}

// Services with an image, in older versions including images of other releases. The last image of each service counts.
function reportsByImage(app: App, era: Era, now: number): ServiceReport[] {
  const images = app.images.filter(({ commit }) => era.imagesOfAllReleases || commit === app.target.commit);
  return images.map((image) => {
    const { serviceName, imageId, image: name } = image.service;
    const container = app.containers.find(({ service }) => service.imageId === imageId);
    const progress = downloadPercent(image, now) ?? undefined;
    return {
      serviceName,
      image: name,
      status: container?.status ?? image.status,
      progress,
      releaseId: image.releaseId,
    };
  });
}

// Only parts of the target: its images, then those whose download has not begun, then its containers.
function reportsByTarget(app: App, now: number): ServiceReport[] {
  const { releaseId } = app.target;
  const ofTarget = ({ commit }: { commit: string }): boolean => commit === app.target.commit;
  const images = app.images.filter(ofTarget).map((image) => ({
    serviceName: image.service.serviceName,
    image: image.service.image,
    status: image.status as string,
    progress: downloadPercent(image, now) ?? undefined,
    releaseId,
  }));
  const awaited = partsOf(app.target)
    .filter(({ service }) => images.every(({ serviceName }) => serviceName !== service.serviceName))
    .map(({ service: { serviceName, image } }) => ({
      serviceName,
      image,
      status: 'Downloading',
      progress: 0,
      releaseId,
    }));
  const known = [...images, ...awaited];
  const isAwaiting = ({ serviceName }: ReleaseService, status: string): boolean =>
    status === 'Running' &&
    app.containers.some(
      (other) => other.status === 'Running' && !ofTarget(other) && other.service.serviceName === serviceName,
    );
  const containers = app.containers.filter(ofTarget).flatMap(({ service, status }) => {
    const image = known.find(({ serviceName }) => serviceName === service.serviceName);
    return image ? [{ ...image, status: isAwaiting(service, status) ? 'Awaiting handover' : status }] : [];
  });
  const hasContainer = ({ serviceName }: ServiceReport): boolean =>
    containers.some((container) => container.serviceName === serviceName);
  return [...known.filter((report) => !hasContainer(report)), ...containers];
}

// A service with more to report overrules the others. A download at 100 % reports nothing, so "done" may be premature.
function updateStatusOf(reports: readonly ServiceReport[]): string {
  const has = (isMeant: (report: ServiceReport) => boolean): boolean => reports.some(isMeant);
  if (has(({ progress }) => progress !== undefined && progress !== 100)) return 'downloading';
  if (has(({ status }) => status === 'Downloaded')) return 'downloaded';
  return has(({ status }) => status === 'Installing' || status === 'Installed') ? 'applying changes' : 'done';
}

// In local mode the cloud's apps are still known, but none of their parts are on the device.
function putAside(app: App): App {
  return { ...app, containers: [], images: [], target: { ...app.target, services: [] } };
}
