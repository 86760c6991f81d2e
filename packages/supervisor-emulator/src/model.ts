import { createHash } from 'node:crypto';

import type { Cloud, Host } from './host/host.js';

/** Everything the emulated device knows. Plain data: transitions make a new one, views read it, nothing else is kept. */
export interface Model {
  /** What IDs are derived from, so that a run can be repeated. */
  readonly seed: string;
  readonly device: DeviceFacts;
  readonly host: Host;
  readonly cloud: Cloud;
  readonly timings: Timings;
  readonly localMode: boolean;
  readonly instantUpdates: boolean;
  readonly healthy: boolean;
  /** How often the device has booted; `bootId` follows from it. */
  readonly boots: number;
  /** The moment a reboot was accepted, in ms; null while the device is up. */
  readonly rebootingSince: number | null;
  /** What runs: the cloud's apps, or in local mode those of the local target state. */
  readonly apps: readonly App[];
  /** The cloud's apps, put aside while local mode lasts; null while they run. */
  readonly cloudApps: readonly App[] | null;
  /** Images that local mode has left without an app. */
  readonly leftImages: readonly LeftImage[];
}

/** An image that stays although nothing runs from it. */
export interface LeftImage {
  readonly appId: number;
  readonly commit: string;
  readonly service: ReleaseService;
}

export interface DeviceFacts {
  readonly ipAddress: string;
  readonly macAddress: string;
  readonly osVersion: string;
  readonly supervisorVersion: string;
}

export interface Timings {
  readonly downloadDurationMs: number;
  readonly rebootDurationMs: number;
}

export interface App {
  readonly appId: number;
  readonly appName: string;
  /** What runs. */
  readonly release: Release;
  readonly containers: readonly Container[];
  /** What the cloud wants to run. */
  readonly target: Release;
  /** The service that holds the user's update lock, which counts for the whole app. */
  readonly lockedBy: string | null;
  readonly update: Update | null;
}

export interface Release {
  readonly commit: string;
  readonly services: readonly ReleaseService[];
}

export interface ReleaseService {
  readonly serviceName: string;
  readonly serviceId: number;
  readonly imageId: number;
  /** The image's name in its registry, by digest. */
  readonly image: string;
  readonly dockerImageId: string;
}

export interface Container {
  readonly serviceName: string;
  readonly containerId: string;
  /** ms since the epoch. */
  readonly createdAt: number;
  /** ms since the epoch; later than `createdAt` after a reboot. */
  readonly startedAt: number;
}

/** An update on its way. All times in ms since the epoch. */
export interface Update {
  readonly release: Release;
  readonly startedAt: number;
  /** When the images are, or will be, all here. */
  readonly fetchedAt: number;
  /** When the installation began, or will begin; null until the app's lock can be had. */
  readonly installingAt: number | null;
  /** The user's lock does not hold it up, and is removed. */
  readonly force: boolean;
  /** Asked for again meanwhile: look for a newer target when done. */
  readonly again: boolean;
}

/** A new ID, the same for the same seed and parts. */
export function hexId(seed: string, ...parts: readonly (string | number)[]): string {
  return createHash('sha256')
    .update([seed, ...parts].join(' '))
    .digest('hex');
}

/** The release of this commit: its services in the given order, their image IDs counted up from the first. */
export function makeRelease(
  seed: string,
  appId: number,
  commit: string,
  serviceNames: readonly string[],
  firstImageId: number,
): Release {
  return {
    commit,
    services: serviceNames.map((serviceName, index) => {
      const repository = hexId(seed, 'repository', appId, serviceName, commit).slice(0, 32);
      return {
        serviceName,
        serviceId: firstServiceId + index,
        imageId: firstImageId + index,
        image: `registry2.balena-cloud.com/v2/${repository}@sha256:${hexId(seed, 'digest', repository)}`,
        dockerImageId: `sha256:${hexId(seed, 'image', repository)}`,
      };
    }),
  };
}

/** The containers of a release created at this moment. */
export function makeContainers(seed: string, release: Release, createdAt: number): Container[] {
  return release.services.map(({ serviceName, imageId }) => ({
    serviceName,
    containerId: hexId(seed, 'container', imageId, createdAt),
    createdAt,
    startedAt: createdAt,
  }));
}

/** The ID of the running boot, in the form of `/proc/sys/kernel/random/boot_id`. */
export function bootIdOf(model: Model): string {
  return hexId(model.seed, 'boot', model.boots)
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The apps that the Supervisor has to do with now. */
export function runningApps(model: Model): readonly App[] {
  return model.apps;
}

const firstServiceId = 29_396;
