import { createHash } from 'node:crypto';

import type { Era } from '../eras/era.js';
import type { Cloud } from './cloud.js';
import type { Host } from './host.js';
import type { Journal } from './journal.js';

/** Everything the emulated device knows. Plain data: transitions make a new one, views read it, nothing else is kept. */
export interface Model {
  /** What IDs are derived from, so that a run can be repeated. */
  seed: string;
  device: DeviceFacts;
  /** What its Supervisor does otherwise than 19.0.5. */
  era: Era;
  host: Host;
  cloud: Cloud;
  /** Since when the cloud cannot be reached, in ms; undefined while it can. */
  cloudDownSince: number | undefined;
  timings: Timings;
  keys: readonly ApiKey[];
  /** What regenerated keys are derived from. */
  keySecret: string;
  localMode: boolean;
  instantUpdates: boolean;
  healthy: boolean;
  engine: Engine;
  /** The host OS is being updated, so that nobody may reboot it. */
  hostUpdate: boolean;
  /** Until when the device blinks, in ms. */
  blinkingUntil: number;
  /** How often the device has booted; `bootId` follows from it. */
  boots: number;
  /** Why the Supervisor is gone; undefined while it is there. */
  outage: ModelOutage | undefined;
  /** What runs: the cloud's apps, or in local mode those of the local target state. */
  apps: readonly App[];
  /** The cloud's apps, put aside while local mode lasts; undefined while they run. */
  cloudApps: readonly App[] | undefined;
  journal: Journal;
}

/** The container engine: with a stopped one nothing can be read or done, a hung one never answers. */
export type Engine = 'running' | 'stopped' | 'hung';

/** A time without the Supervisor. `restart` is its process alone, the containers run on. */
export interface ModelOutage {
  cause: 'reboot' | 'shutdown' | 'restart';
  /** ms since the epoch. */
  since: number;
  /** When it is back, in ms since the epoch; `Infinity` after a shutdown, until somebody switches the device on. */
  until: number;
}

/** A key, and what it is for. The device's own one has neither app nor service. */
export interface ApiKey {
  key: string;
  appId: number | undefined;
  serviceName: string | undefined;
}

export interface DeviceFacts {
  ipAddress: string;
  macAddress: string;
  osVersion: string;
  osVariant: OsVariant;
  supervisorVersion: string;
}

/** Which image of balenaOS the device runs. */
export type OsVariant = 'prod' | 'dev';

export interface Timings {
  downloadDurationMs: number;
  rebootDurationMs: number;
  restartDurationMs: number;
}

export interface App {
  appId: number;
  appUuid: string;
  appName: string;
  /** Nobody wants it any more: only its images are left, as local mode leaves them. */
  isLeft?: true;
  /** The release that was applied last, which the Supervisor calls the app's commit. */
  release: Release;
  /** What the Supervisor was told to run. */
  target: Release;
  /** What the cloud would tell it. */
  offered: Release;
  containers: readonly Container[];
  /** Those that come or go first, as the Supervisor lists them. */
  images: readonly Image[];
  /** The services that hold the user's update lock. Any of them counts for the whole app. */
  locks: readonly string[];
  /** Another operation of the Supervisor holds the app's locks, until it is told to let go. */
  held: boolean;
  /** The way to a target, while one is under way. */
  apply: Apply | undefined;
  /** Single actions on services that are not done yet, in the order of their ends. */
  tasks: readonly ServiceTask[];
  /** What the Supervisor last said of updates; it stays until one succeeds. */
  reported: Reported;
}

export interface Reported {
  pending: boolean;
  failed: boolean;
  downloaded: boolean;
}

export interface Release {
  commit: string;
  releaseId: number;
  services: readonly ReleaseService[];
  /** By name; absent: the one that an app has without asking for any. */
  volumes?: Readonly<Record<string, unknown>>;
  networks?: Readonly<Record<string, unknown>>;
  /** How long its images take to download; undefined if they cannot be had. */
  downloadDurationMs: number | undefined;
}

export interface ReleaseService {
  serviceName: string;
  serviceId: number;
  imageId: number;
  /** The image's name in its registry, by digest. */
  image: string;
  dockerImageId: string;
  /** Of the service alone; what the Supervisor adds is not part of it. */
  environment: Readonly<Record<string, string>>;
  /** Absent: that of a service with the Supervisor's API. */
  labels?: Readonly<Record<string, string>>;
  /** What else is said of it, in the words of a compose file. */
  composition?: Readonly<Record<string, unknown>>;
}

/** A service of a release, as containers and images are made of it. */
export interface OfRelease {
  service: ReleaseService;
  commit: string;
  releaseId: number;
}

export interface Container extends OfRelease {
  containerId: string;
  status: ContainerStatus;
  /** ms since the epoch. */
  createdAt: number;
  /** ms since the epoch; later than `createdAt` after a reboot, or a stop and start. */
  startedAt: number;
  /** The key in its environment, which stays when a new one is made. */
  apiKey: string;
}

/** `Installing`: being created, so that no container is there yet. */
export type ContainerStatus = 'Installing' | 'Installed' | 'Starting' | 'Running' | 'Stopping' | 'exited';

export interface Image extends OfRelease {
  status: 'Downloading' | 'Downloaded' | 'Deleting';
  /** While it downloads: from when until when, in ms since the epoch. */
  download: { from: number; until: number } | undefined;
}

/** The Supervisor on its way from what is to a target, stage by stage. All times in ms since the epoch. */
export interface Apply {
  /** `target`: what it was told to run, also called an update; the others do what runs already once more, in new containers. */
  goal: ApplyGoal;
  release: Release;
  /** The IDs of the containers that go although they are as they shall be. */
  replaced: readonly string[];
  stage: StageName;
  startedAt: number;
  since: number;
  /** When the stage ends; `Infinity` if only an event ends it. */
  until: number;
  /** User locks do not hold it up, and are removed. */
  force: boolean;
  /** How often it has failed since there was a new target; the next attempt is the later for it. */
  failures: number;
  /** Asked for again meanwhile: do it all once more when done. */
  queued: { force: boolean } | undefined;
}

export type ApplyGoal = 'target' | 'restart' | 'purge';

export type StageName =
  | 'preparing'
  | 'downloading'
  | 'pull-failed'
  | 'blocked'
  | 'waiting'
  | 'downloaded'
  | 'stopping'
  | 'stopped'
  | 'deleting'
  | 'deleted'
  | 'installing'
  | 'installed'
  | 'finishing';

/** What a service action still has to do, and when. */
export interface ServiceTask {
  serviceName: string;
  /** `exit`: the container stops; `recreate`: it is replaced by a new one; `run`: it has started. */
  does: 'exit' | 'recreate' | 'run';
  at: number;
  /** Whether the app's locks are held until then. */
  locked: boolean;
}

/** A new ID, the same for the same seed and parts. */
export function hexId(seed: string, ...parts: readonly (string | number)[]): string {
  return createHash('sha256')
    .update([seed, ...parts].join(' '))
    .digest('hex');
}

/** The ID of the running boot, in the form of `/proc/sys/kernel/random/boot_id`. */
export function bootIdOf(model: Model): string {
  return hexId(model.seed, 'boot', model.boots)
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
