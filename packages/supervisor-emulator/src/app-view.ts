import { makeContainers } from './model.js';
import type { App, Container, Model, Release, ReleaseService } from './model.js';
import { downloadPercent, stageOf, untilCreatedMs } from './update-stages.js';

/** A container as the Supervisor reports it. */
export interface ContainerView {
  readonly status: string;
  readonly serviceName: string;
  readonly appId: number;
  readonly imageId: number;
  readonly serviceId: number;
  readonly containerId: string;
  readonly createdAt: string;
}

/** An image as the Supervisor reports it; some keys are absent while it comes or goes. */
export interface ImageView {
  readonly name: string;
  readonly appId: number;
  readonly serviceName: string;
  readonly imageId: number;
  readonly dockerImageId?: string;
  readonly status: string;
  readonly downloadProgress?: number | null;
}

/** The app's containers now, those of an update on its way included. */
export function containersOf(model: Model, app: App, now: number): ContainerView[] {
  const { update } = app;
  if (!update) return viewContainers(app, app.release, app.containers, 'Running');
  const { oldContainer, newContainer } = stageOf(update, now);
  const created = makeContainers(model.seed, update.release, (update.installingAt ?? now) + untilCreatedMs);
  return [
    ...(newContainer ? viewContainers(app, update.release, created, newContainer) : []),
    ...(oldContainer ? viewContainers(app, app.release, app.containers, oldContainer) : []),
  ];
}

/** The app's images now: those that come or go first, as the Supervisor lists them. */
export function imagesOf(app: App, now: number): ImageView[] {
  const { update } = app;
  if (!update) return app.release.services.map((service) => viewImage(app, service, 'Downloaded', now));
  const { oldImage, newImage } = stageOf(update, now);
  const oldImages = oldImage ? app.release.services.map((service) => viewImage(app, service, oldImage, now)) : [];
  const newImages = newImage ? update.release.services.map((service) => viewImage(app, service, newImage, now)) : [];
  return newImage === 'Downloading' ? [...newImages, ...oldImages] : [...oldImages, ...newImages];
}

function viewContainers(app: App, release: Release, containers: readonly Container[], status: string): ContainerView[] {
  return release.services.flatMap(({ serviceName, imageId, serviceId }) =>
    containers
      .filter((container) => container.serviceName === serviceName)
      .map(({ containerId, createdAt }) => ({
        status,
        serviceName,
        appId: app.appId,
        imageId,
        serviceId,
        containerId,
        createdAt: new Date(createdAt).toISOString(),
      })),
  );
}

function viewImage(app: App, service: ReleaseService, status: string, now: number): ImageView {
  const { image: name, serviceName, imageId, dockerImageId } = service;
  const named = { name, appId: app.appId, serviceName, imageId };
  if (status === 'Deleting') return { ...named, status };
  if (status !== 'Downloading' || !app.update) return { ...named, dockerImageId, status, downloadProgress: null };
  return { ...named, status, downloadProgress: downloadPercent(app.update, now) };
}
