import { createHash } from 'node:crypto';

import type { Era } from '../eras/era.js';
import type { Cloud } from './cloud.js';
import type { Host } from './host.js';
import type { Journal } from './journal.js';

/** Everything the emulated device knows. Plain data: transitions make a new one, views read it, nothing else is kept. */
export interface Model {
  /** What IDs are derived from, so that a run can be repeated. */
  readonly seed: string;
  readonly device: DeviceFacts;
  /** What its Supervisor does otherwise than 19.0.5. */
  readonly era: Era;
  readonly host: Host;
  readonly cloud: Cloud;
  /** Since when the cloud cannot be reached, in ms; null while it can. */
  readonly cloudDownSince: number | null;
  readonly timings: Timings;
  readonly keys: readonly ApiKey[];
  /** What regenerated keys are derived from. */
  readonly keySecret: string;
  readonly localMode: boolean;
  readonly instantUpdates: boolean;
  readonly healthy: boolean;
  readonly engine: Engine;
  /** The host OS is being updated, so that nobody may reboot it. */
  readonly hostUpdate: boolean;
  /** Until when the device blinks, in ms. */
  readonly blinkingUntil: number;
  /** How often the device has booted; `bootId` follows from it. */
  readonly boots: number;
  /** Why the Supervisor is gone; null while it is there. */
  readonly outage: ModelOutage | null;
  /** What runs: the cloud's apps, or in local mode those of the local target state. */
  readonly apps: readonly App[];
  /** The cloud's apps, put aside while local mode lasts; null while they run. */
  readonly cloudApps: readonly App[] | null;
  readonly journal: Journal;
}

/** The container engine: with a stopped one nothing can be read or done, a hung one never answers. */
export type Engine = 'running' | 'stopped' | 'hung';

/** A time without the Supervisor. `restart` is its process alone, the containers run on. */
export interface ModelOutage {
  readonly cause: 'reboot' | 'shutdown' | 'restart';
  /** ms since the epoch. */
  readonly since: number;
  /** When it is back, in ms since the epoch; `Infinity` after a shutdown, until somebody switches the device on. */
  readonly until: number;
}

/** A key, and what it is for. The device's own one has neither app nor service. */
export interface ApiKey {
  readonly key: string;
  readonly appId: number | null;
  readonly serviceName: string | null;
}

export interface DeviceFacts {
  readonly ipAddress: string;
  readonly macAddress: string;
  readonly osVersion: string;
  readonly osVariant: OsVariant;
  readonly supervisorVersion: string;
}

/** Which image of balenaOS the device runs. */
export type OsVariant = 'prod' | 'dev';

export interface Timings {
  readonly downloadDurationMs: number;
  readonly rebootDurationMs: number;
  readonly restartDurationMs: number;
}

export interface App {
  readonly appId: number;
  readonly appUuid: string;
  readonly appName: string;
  /** Nobody wants it any more: only its images are left, as local mode leaves them. */
  readonly isLeft?: true;
  /** The release that was applied last, which the Supervisor calls the app's commit. */
  readonly release: Release;
  /** What the Supervisor was told to run. */
  readonly target: Release;
  /** What the cloud would tell it. */
  readonly offered: Release;
  readonly containers: readonly Container[];
  /** Those that come or go first, as the Supervisor lists them. */
  readonly images: readonly Image[];
  /** The services that hold the user's update lock. Any of them counts for the whole app. */
  readonly locks: readonly string[];
  /** Another operation of the Supervisor holds the app's locks, until it is told to let go. */
  readonly held: boolean;
  /** The way to a target, while one is under way. */
  readonly apply: Apply | null;
  /** Single actions on services that are not done yet, in the order of their ends. */
  readonly tasks: readonly ServiceTask[];
  /** What the Supervisor last said of updates; it stays until one succeeds. */
  readonly reported: Reported;
}

export interface Reported {
  readonly pending: boolean;
  readonly failed: boolean;
  readonly downloaded: boolean;
}

export interface Release {
  readonly commit: string;
  readonly releaseId: number;
  readonly services: readonly ReleaseService[];
  /** By name; absent: the one that an app has without asking for any. */
  readonly volumes?: Readonly<Record<string, unknown>>;
  readonly networks?: Readonly<Record<string, unknown>>;
  /** How long its images take to download; null if they cannot be had. */
  readonly downloadDurationMs: number | null;
}

export interface ReleaseService {
  readonly serviceName: string;
  readonly serviceId: number;
  readonly imageId: number;
  /** The image's name in its registry, by digest. */
  readonly image: string;
  readonly dockerImageId: string;
  /** Of the service alone; what the Supervisor adds is not part of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Absent: that of a service with the Supervisor's API. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What else is said of it, in the words of a compose file. */
  readonly composition?: Readonly<Record<string, unknown>>;
}

/** A service of a release, as containers and images are made of it. */
export interface OfRelease {
  readonly service: ReleaseService;
  readonly commit: string;
  readonly releaseId: number;
}

export interface Container extends OfRelease {
  readonly containerId: string;
  readonly status: ContainerStatus;
  /** ms since the epoch. */
  readonly createdAt: number;
  /** ms since the epoch; later than `createdAt` after a reboot, or a stop and start. */
  readonly startedAt: number;
  /** The key in its environment, which stays when a new one is made. */
  readonly apiKey: string;
}

/** `Installing`: being created, so that no container is there yet. */
export type ContainerStatus = 'Installing' | 'Installed' | 'Starting' | 'Running' | 'Stopping' | 'exited';

export interface Image extends OfRelease {
  readonly status: 'Downloading' | 'Downloaded' | 'Deleting';
  /** While it downloads: from when until when, in ms since the epoch. */
  readonly download: { readonly from: number; readonly until: number } | null;
}

/** The Supervisor on its way from what is to a target, stage by stage. All times in ms since the epoch. */
export interface Apply {
  /** `target`: what it was told to run, also called an update; the others do what runs already once more, in new containers. */
  readonly goal: ApplyGoal;
  readonly release: Release;
  /** The IDs of the containers that go although they are as they shall be. */
  readonly replaced: readonly string[];
  readonly stage: StageName;
  readonly startedAt: number;
  readonly since: number;
  /** When the stage ends; `Infinity` if only an event ends it. */
  readonly until: number;
  /** User locks do not hold it up, and are removed. */
  readonly force: boolean;
  /** How often it has failed since there was a new target; the next attempt is the later for it. */
  readonly failures: number;
  /** Asked for again meanwhile: do it all once more when done. */
  readonly queued: { readonly force: boolean } | null;
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
  readonly serviceName: string;
  /** `exit`: the container stops; `recreate`: it is replaced by a new one; `run`: it has started. */
  readonly does: 'exit' | 'recreate' | 'run';
  readonly at: number;
  /** Whether the app's locks are held until then. */
  readonly locked: boolean;
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
