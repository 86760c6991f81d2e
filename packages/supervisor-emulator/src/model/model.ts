import { createHash } from 'node:crypto';

import type { Era } from '../eras/era.js';
import type { Cloud } from './cloud.js';
import type { Host } from './host.js';
import type { Journal } from './journal.js';

/** The complete state of the emulated device, as plain data. Transitions return a new one, views read it. */
export interface Model {
  /** The seed of all IDs, so that a run can be repeated. */
  seed: string;
  device: DeviceFacts;
  /** How its Supervisor differs from 19.0.5. */
  era: Era;
  host: Host;
  cloud: Cloud;
  /** Since when the cloud is unreachable, in ms; undefined while it is reachable. */
  cloudDownSince: number | undefined;
  timings: Timings;
  keys: readonly ApiKey[];
  /** The seed of regenerated keys. */
  keySecret: string;
  localMode: boolean;
  instantUpdates: boolean;
  healthy: boolean;
  engine: Engine;
  /** The host OS is being updated, so a reboot needs force. */
  hostUpdate: boolean;
  /** Until when the device blinks, in ms. */
  blinkingUntil: number;
  /** The number of boots; `bootId` is derived from it. */
  boots: number;
  /** The number of processes that the Supervisor has had. */
  starts: number;
  /** Why the Supervisor is away; undefined while it is running. */
  outage: ModelOutage | undefined;
  /** The running apps: those of the cloud, or in local mode those of the local target state. */
  apps: readonly App[];
  /** The apps of the cloud, set aside in local mode; undefined otherwise. */
  cloudApps: readonly App[] | undefined;
  journal: Journal;
}

/** The container engine. A stopped one fails, a hung one never answers. */
export type Engine = 'running' | 'stopped' | 'hung';

/** A time without the Supervisor. `restart`: only its process restarts, the containers keep running. */
export interface ModelOutage {
  cause: 'reboot' | 'shutdown' | 'restart';
  /** ms since the epoch. */
  since: number;
  /** When the engine starts the containers, except for a mere restart; in ms since the epoch. */
  containersAt: number;
  /** Whether it has. */
  hasBooted?: true;
  /** When it is back, in ms since the epoch; `Infinity` after a shutdown. */
  until: number;
}

/** A key and its scope. The Supervisor's own key has neither app nor service. */
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
  /** The app is no longer a target. Only its images remain, as after local mode. */
  isLeft?: true;
  /** The release applied last, which the Supervisor calls the app's commit. */
  release: Release;
  /** The release that the Supervisor has to run. */
  target: Release;
  /** The release that the cloud offers. */
  offered: Release;
  containers: readonly Container[];
  /** Images that are being downloaded or deleted come first, as the Supervisor lists them. */
  images: readonly Image[];
  /** The services that hold a user's update lock. One is enough to lock the whole app. */
  locks: readonly string[];
  /** Another operation of the Supervisor holds the app's locks, until `releaseLocks()`. */
  held: boolean;
  /** The apply in progress. */
  apply: Apply | undefined;
  /** What the Supervisor has begun on images, containers and locks. It goes on even if the apply fails meanwhile. */
  steps: readonly Step[];
  /** `held`: the Supervisor holds the app's locks for its apply; `left`: it died while it held them. */
  ownLocks: 'none' | 'held' | 'left';
  /** The services whose locks it has tried to take since the boot. */
  triedLocks: readonly string[];
  /** Pending actions on single services, in the order of their ends. */
  tasks: readonly ServiceTask[];
  /** The update flags that the Supervisor reported last. They stay until an update succeeds. */
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
  /** By name; absent: the default volume of an app. */
  volumes?: Readonly<Record<string, unknown>>;
  networks?: Readonly<Record<string, unknown>>;
  /** How long its images take to download; undefined if the download fails. */
  downloadDurationMs: number | undefined;
}

export interface ReleaseService {
  serviceName: string;
  serviceId: number;
  imageId: number;
  /** The image's name in its registry, by digest. */
  image: string;
  dockerImageId: string;
  /** Only the service's own variables, without those that the Supervisor adds. */
  environment: Readonly<Record<string, string>>;
  /** Absent: the label of a service with access to the Supervisor's API. */
  labels?: Readonly<Record<string, string>>;
  /** Other properties, as in a compose file. */
  composition?: Readonly<Record<string, unknown>>;
  /** How long its image takes to download. @default that of the release */
  downloadDurationMs?: number;
  /** How long its container takes to stop. */
  stopDurationMs?: number;
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
  /** The key in its environment. It does not change when the key is regenerated. */
  apiKey: string;
  /** When the engine stops it, as a Supervisor that died meanwhile had told it; in ms since the epoch. */
  stopsAt?: number;
}

/** `Installing`: being created; no container exists yet. */
export type ContainerStatus = 'Installing' | 'Installed' | 'Starting' | 'Running' | 'Stopping' | 'exited';

export interface Image extends OfRelease {
  status: 'Downloading' | 'Downloaded' | 'Deleting';
  /** While it downloads: from when until when, in ms since the epoch. */
  download: { from: number; until: number } | undefined;
}

/** A part of the Supervisor's work, and when it ends, in ms since the epoch. */
export type Step = { until: number } & (
  | { does: 'download'; image: OfRelease; fails: boolean }
  | { does: 'delete'; image: OfRelease }
  /** `refusedBy`: the service whose lock somebody else has, which ends the attempt. */
  | { does: 'lock'; refusedBy: string | undefined }
  | { does: 'kill'; containerId: string }
  /** To hand over: the old container is renamed. */
  | { does: 'prepare'; part: OfRelease }
  | { does: 'install'; part: OfRelease; handsOver: boolean }
  | { does: 'start'; containerId: string }
  /** `handsOver`: older containers of its service are killed as soon as it runs. */
  | { does: 'run'; containerId: string; handsOver: boolean }
);

/** The Supervisor's work towards a target. All times in ms since the epoch. */
export interface Apply {
  /** `target`: the target release, also called an update. The others recreate the containers of the running release. */
  goal: ApplyGoal;
  release: Release;
  /** The IDs of containers that are replaced although they match the target. */
  replaced: readonly string[];
  stage: StageName;
  startedAt: number;
  /** When the Supervisor looks again what is left to do; `Infinity` if only the end of a step makes it. */
  until: number;
  /** Whether it has changed any container. */
  hasChanged: boolean;
  /** Whether only one of several services changes, which takes less time. */
  isSmall: boolean;
  /** User locks do not block it and are removed. */
  force: boolean;
  /** Failures since the last new target; each one delays the next attempt. */
  failures: number;
  /** Requested again meanwhile: repeat it when done. */
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
  | 'finishing'
  | 'reporting'
  | 'rebooting';

/** A pending action on a service, and when it is due. */
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
