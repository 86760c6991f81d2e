import type { App, Container, Image } from '../model/model.js';
import { downloadPercent } from '../model/releases.js';

/** A container as the Supervisor reports it. */
export interface ContainerView {
  /** As the Supervisor words it, such as `Running`. */
  status: string;
  /** As in `docker-compose.yml`. */
  serviceName: string;
  /** The app it belongs to. */
  appId: number;
  /** The image it was created from. */
  imageId: number;
  /** The number of its service. */
  serviceId: number;
  /** 64 hex digits; new after each restart. */
  containerId: string;
  /** ISO 8601 */
  createdAt: string;
}

/** An image as the Supervisor reports it. Some keys are absent while it is downloaded or deleted. */
export interface ImageView {
  /** Its name in the registry. */
  name: string;
  /** The app it is for. */
  appId: number;
  /** The service it is for. */
  serviceName: string;
  /** The number by which containers refer to it. */
  imageId: number;
  /** The engine's ID, with `sha256:`; absent until it is downloaded. */
  dockerImageId?: string;
  /** As the Supervisor words it, such as `Downloaded`. */
  status: string;
  /** Whole percent; null unless it is being downloaded. */
  downloadProgress?: number | null;
}

/** A service as `GET /v1/device` and `/v2/applications/:appId/state` report it. */
export interface LegacyService {
  status: string;
  releaseId: number;
  download_progress?: number | null;
}

/** The existing containers of the app. A service that is being installed has none yet. */
export function existingContainers(app: App): readonly Container[] {
  return app.containers.filter(({ status }) => status !== 'Installing');
}

export function viewContainer(app: App, { status, service, containerId, createdAt }: Container): ContainerView {
  const { serviceName, imageId, serviceId } = service;
  const created = new Date(createdAt).toISOString();
  return { status, serviceName, appId: app.appId, imageId, serviceId, containerId, createdAt: created };
}

export function viewImage(app: App, image: Image, now: number): ImageView {
  const { image: name, serviceName, imageId, dockerImageId } = image.service;
  const named = { name, appId: app.appId, serviceName, imageId };
  const { status } = image;
  if (status === 'Deleting') return { ...named, status };
  if (status === 'Downloading') return { ...named, status, downloadProgress: downloadPercent(image, now) ?? null };
  return { ...named, dockerImageId, status, downloadProgress: null };
}

/** By image ID, in ascending order: the status of a container, or else of its image. */
export function legacyServicesOf(app: App, now: number): Readonly<Record<string, LegacyService>> {
  const services: Record<string, LegacyService> = {};
  for (const { service, status, releaseId } of app.containers) {
    services[service.imageId] ??= { status, releaseId, download_progress: null };
  }
  for (const image of app.images) {
    const { status, releaseId } = image;
    const progress = viewImage(app, image, now).downloadProgress;
    const service = { status, releaseId, ...(progress === undefined ? {} : { download_progress: progress }) };
    services[image.service.imageId] ??= service;
  }
  return services;
}

/** Whether the device has any container or image of the app. */
export function isPresent(app: App): boolean {
  return app.containers.length > 0 || app.images.length > 0;
}
