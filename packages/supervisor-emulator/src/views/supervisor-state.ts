import { lockedUntil } from '../apply/lock-hold.js';
import { findKey } from '../model/keys.js';
import { bootIdOf } from '../model/model.js';
import type { ApiKey, App, Container, Engine, Model } from '../model/model.js';
import { downloadPercent } from '../model/releases.js';
import { viewContainer, viewImage } from './app-view.js';
import type { ContainerView, ImageView } from './app-view.js';

/** The state of an emulated device, for tests and demos. It contains no key. */
export interface SupervisorState {
  /** It changes with each reboot. */
  bootId: string;
  /** Whether the device is gone for a reboot. */
  rebooting: boolean;
  /** Why the Supervisor is away; `restart`: only its process restarts. undefined while it is running. */
  outage: 'reboot' | 'shutdown' | 'restart' | undefined;
  /** Set by `setLocalMode()` or a local target state. */
  localMode: boolean;
  /** Whether the device has no cloud. */
  unmanaged: boolean;
  /** Whether `POST /v1/update` is applied without `force`. */
  instantUpdates: boolean;
  /** Set by `setHealthy()`. Without the cloud, `GET /v1/healthy` fails regardless. */
  healthy: boolean;
  /** Set by `setCloud()`. */
  cloudReachable: boolean;
  /** Set by `setEngine()`. */
  engine: Engine;
  /** Whether the host OS is being updated. */
  hostUpdate: boolean;
  /** The variables in the files that the device boots by, such as `HOST_CONFIG_gpu_mem`. */
  bootConfig: Readonly<Record<string, string>>;
  /** Whether the device has to reboot for them. */
  needsReboot: boolean;
  /** True for 15 s after a `POST /v1/blink`. */
  blinking: boolean;
  /** The valid keys, by their scopes. */
  keys: readonly KeyState[];
  /** In the order of the option `apps`. */
  apps: readonly AppState[];
}

/** The scope of a valid key, without the key itself. */
export interface KeyState {
  /** `global`: valid for every app. */
  scope: 'global' | 'app';
  /** undefined for the Supervisor's own. */
  appId: number | undefined;
  /** undefined for the Supervisor's own key, and for a key without a service. */
  serviceName: string | undefined;
}

/** The state of an app. */
export interface AppState {
  /** As in `BALENA_APP_ID`. */
  appId: number;
  /** The app's UUID in the cloud. */
  appUuid: string;
  /** The name of its fleet. */
  appName: string;
  /** The release that was applied last. */
  commit: string;
  /** The release that the cloud wants the app to run. */
  targetCommit: string;
  /** The service that holds the update lock, or the first of several. */
  lockedBy: string | undefined;
  /** All services that hold the update lock. */
  locks: readonly string[];
  /** Whether the Supervisor itself holds the app's locks, for its own work or by `holdLocks()`. */
  busy: boolean;
  /** The update in progress or blocked; undefined without one. */
  update: UpdateState | undefined;
  /** The restart or purge in progress. */
  recreating: 'restart' | 'purge' | undefined;
  /** Existing containers, running or not. */
  containers: readonly ContainerState[];
  /** Images on the device, being downloaded, or being deleted. */
  images: readonly ImageView[];
}

/** A container, with details that the Supervisor does not report. */
export interface ContainerState extends ContainerView {
  /** When it last started; undefined unless it is running. */
  startedAt: string | undefined;
  /** Whether the key in its environment is valid. After a regeneration it is not, until the next update. */
  hasValidKey: boolean;
}

/** The progress of an update. */
export interface UpdateState {
  /** The release that it brings. */
  commit: string;
  /** For example `downloading`, `blocked` (by the update lock), `pull-failed`, `stopping`, `finishing`. */
  stage: string;
  /** Whole percent. */
  downloadProgress: number;
}

/** The state of a settled model at this moment. */
export function describeState(model: Model, now: number): SupervisorState {
  return {
    bootId: bootIdOf(model),
    rebooting: model.outage?.cause === 'reboot',
    outage: model.outage?.cause,
    localMode: model.localMode,
    unmanaged: model.cloud === 'none',
    instantUpdates: model.instantUpdates,
    healthy: model.healthy,
    cloudReachable: model.cloud !== 'down' && model.cloud !== 'none',
    engine: model.engine,
    hostUpdate: model.hostUpdate,
    bootConfig: model.host.bootConfig,
    needsReboot: model.host.needsReboot,
    blinking: now < model.blinkingUntil,
    keys: model.keys.map(describeKey),
    apps: model.apps.map((app) => describeApp(model, app, now)),
  };
}

function describeKey({ appId, serviceName }: ApiKey): KeyState {
  return { scope: appId === undefined ? 'global' : 'app', appId, serviceName };
}

function describeApp(model: Model, app: App, now: number): AppState {
  const { apply } = app;
  const existing = app.containers.filter(({ status }) => status !== 'Installing');
  return {
    appId: app.appId,
    appUuid: app.appUuid,
    appName: app.appName,
    commit: app.release.commit,
    targetCommit: app.offered.commit,
    lockedBy: app.locks[0],
    locks: app.locks,
    busy: lockedUntil(app) > now,
    update:
      apply?.goal === 'target'
        ? { commit: apply.release.commit, stage: apply.stage, downloadProgress: progressOf(app, now) }
        : undefined,
    recreating: apply === undefined || apply.goal === 'target' ? undefined : apply.goal,
    containers: existing.map((container) => describeContainer(model, app, container)),
    images: app.images.map((image) => viewImage(app, image, now)),
  };
}

function describeContainer(model: Model, app: App, container: Container): ContainerState {
  const isRunning = container.status === 'Running';
  return {
    ...viewContainer(app, container),
    startedAt: isRunning ? new Date(container.startedAt).toISOString() : undefined,
    hasValidKey: findKey(model, container.apiKey) !== undefined,
  };
}

function progressOf({ apply, images }: App, now: number): number {
  if (apply?.stage === 'preparing' || apply?.stage === 'pull-failed') return 0;
  const percents = images.flatMap((image) => downloadPercent(image, now) ?? []);
  return percents.length === 0 ? 100 : Math.round(percents.reduce((sum, each) => sum + each, 0) / percents.length);
}
