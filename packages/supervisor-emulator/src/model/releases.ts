import { hexId } from './model.js';
import type { App, Container, Image, OfRelease, Release, ReleaseService } from './model.js';

/** The parts of a release. Missing ones are derived from the seed. */
export interface ReleaseParts {
  commit: string;
  releaseId: number;
  services: readonly (Partial<ReleaseService> & { serviceName: string })[];
  /** For services without an image ID, counted up. */
  firstImageId: number;
  downloadDurationMs: number | undefined;
}

/** The release of these parts. */
export function makeRelease(seed: string, appId: number, parts: ReleaseParts): Release {
  const { commit, releaseId, downloadDurationMs, firstImageId } = parts;
  const services = parts.services.map((service, index) => {
    const repository = hexId(seed, 'repository', appId, service.serviceName, commit).slice(0, 32);
    return {
      serviceId: firstServiceId + index,
      imageId: firstImageId + index,
      image: `registry2.balena-cloud.com/v2/${repository}@sha256:${hexId(seed, 'digest', repository)}`,
      dockerImageId: `sha256:${hexId(seed, 'image', repository)}`,
      environment: {},
      ...service,
    };
  });
  return { commit, releaseId, services, downloadDurationMs };
}

/** The services of a release, each with the labels of its container and image. */
export function partsOf({ services, commit, releaseId }: Release): OfRelease[] {
  return services.map((service) => ({ service, commit, releaseId }));
}

/** A container of the service, created and started at this moment. */
export function createContainer(seed: string, part: OfRelease, apiKey: string, now: number): Container {
  const containerId = hexId(seed, 'container', part.service.serviceName, part.service.imageId, now);
  return { ...part, containerId, status: 'Running', createdAt: now, startedAt: now, apiKey };
}

/** The image of a service, on the device. */
export function downloadedImage(part: OfRelease): Image {
  return { ...part, status: 'Downloaded', download: undefined };
}

/** The image of a service, being downloaded to the device. */
export function comingImage(part: OfRelease, from: number, until: number): Image {
  return { ...part, status: 'Downloading', download: { from, until } };
}

/** How much of it is downloaded, in whole percent, as the Supervisor rounds it. */
export function downloadPercent(image: Image, now: number): number | undefined {
  if (!image.download) return undefined;
  const { from, until } = image.download;
  if (now >= until) return 100;
  return Math.max(0, Math.round(((now - from) / (until - from)) * 100));
}

/** An app that has run this release since that moment. */
export function makeApp(
  seed: string,
  named: Pick<App, 'appId' | 'appUuid' | 'appName'>,
  release: Release,
  keyOf: (serviceName: string) => string,
  now: number,
): App {
  const parts = partsOf(release);
  return {
    ...named,
    release,
    target: release,
    offered: release,
    containers: parts.map((part) => createContainer(seed, part, keyOf(part.service.serviceName), now)),
    images: parts.map(downloadedImage),
    locks: [],
    ...idle,
    reported: nothingReported,
  };
}

/** An app of which nothing is installed yet. */
export function emptyApp(named: Pick<App, 'appId' | 'appUuid' | 'appName'>, target: Release): App {
  const release = { commit: '', releaseId: 0, services: [], downloadDurationMs: undefined };
  const nothing = { containers: [], images: [], locks: [], reported: nothingReported };
  return { ...named, ...idle, ...nothing, release, target, offered: target };
}

/** The Supervisor does nothing with the app. */
export const idle = {
  held: false,
  apply: undefined,
  steps: [],
  tasks: [],
  ownLocks: 'none',
  triedLocks: [],
} as const satisfies Partial<App>;

/** Nothing is being downloaded. */
export const nothingReported = { pending: false, failed: false, downloaded: false };

const firstServiceId = 29_396;
