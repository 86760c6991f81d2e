import { lockedUntil } from '../apply/advance-app.js';
import { findKey } from '../model/keys.js';
import { bootIdOf } from '../model/model.js';
import type { ApiKey, App, Container, Engine, Model } from '../model/model.js';
import { downloadPercent } from '../model/releases.js';
import { viewContainer, viewImage } from './app-view.js';
import type { ContainerView, ImageView } from './app-view.js';

/** What an emulated device is at, for tests and demos to read. It holds no key. */
export interface SupervisorState {
  /** Another one after each reboot. */
  bootId: string;
  /** Whether the device is gone for a reboot. */
  rebooting: boolean;
  /** Why the Supervisor is gone, if it is: `restart` is its process alone. */
  outage: 'reboot' | 'shutdown' | 'restart' | undefined;
  /** As by `setLocalMode()` or a local target state. */
  localMode: boolean;
  /** Whether the device has no cloud. */
  unmanaged: boolean;
  /** Whether `POST /v1/update` is applied without `force`. */
  instantUpdates: boolean;
  /** As by `setHealthy()`; without the cloud `GET /v1/healthy` fails all the same. */
  healthy: boolean;
  /** As by `setCloud()`. */
  cloudReachable: boolean;
  /** As by `setEngine()`. */
  engine: Engine;
  /** Whether the host OS is being updated. */
  hostUpdate: boolean;
  /** Since the last `POST /v1/blink`, for 15 s. */
  blinking: boolean;
  /** The keys there are, by what they are for. */
  keys: readonly KeyState[];
  /** In the order of the option `apps`. */
  apps: readonly AppState[];
}

/** A key that is valid, without the key. */
export interface KeyState {
  /** Whether it reaches every app. */
  scope: 'global' | 'app';
  /** undefined for the Supervisor's own. */
  appId: number | undefined;
  /** undefined for the Supervisor's own, and for the key of no service. */
  serviceName: string | undefined;
}

/** What an app is at. */
export interface AppState {
  /** As in `BALENA_APP_ID`. */
  appId: number;
  /** The app's UUID in the cloud. */
  appUuid: string;
  /** The name of its fleet. */
  appName: string;
  /** The release that was applied last. */
  commit: string;
  /** The release the cloud wants to run. */
  targetCommit: string;
  /** The service that holds the update lock; the first if there are several. */
  lockedBy: string | undefined;
  /** All services that hold the update lock. */
  locks: readonly string[];
  /** Whether the Supervisor itself holds the app's locks, for what it does or by `holdLocks()`. */
  busy: boolean;
  /** The update that is under way or held up; undefined without one. */
  update: UpdateState | undefined;
  /** What is being done over instead of an update. */
  recreating: 'restart' | 'purge' | undefined;
  /** Those that exist, whether they run or not. */
  containers: readonly ContainerState[];
  /** Those that are on the device, come to it, or leave it. */
  images: readonly ImageView[];
}

/** A container, and what the Supervisor does not report of it. */
export interface ContainerState extends ContainerView {
  /** When it was started last; undefined unless it runs. */
  startedAt: string | undefined;
  /** Whether the key in its environment is a valid one; not so after that was regenerated, until the next update. */
  hasValidKey: boolean;
}

/** How far an update is. */
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
