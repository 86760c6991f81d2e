import { lockedUntil } from './apply/advance-app.js';
import { findKey } from './keys.js';
import { bootIdOf } from './model.js';
import type { ApiKey, App, Container, Engine, Model } from './model.js';
import { downloadPercent } from './releases.js';
import { viewContainer, viewImage } from './views/app-view.js';
import type { ContainerView, ImageView } from './views/app-view.js';

/** What an emulated device is at, for tests and demos to read. It holds no key. */
export interface SupervisorState {
  /** Another one after each reboot. */
  readonly bootId: string;
  readonly rebooting: boolean;
  /** Why the Supervisor is gone, if it is: `restart` is its process alone. */
  readonly outage: 'reboot' | 'shutdown' | 'restart' | null;
  readonly localMode: boolean;
  readonly unmanaged: boolean;
  readonly instantUpdates: boolean;
  readonly healthy: boolean;
  readonly cloudReachable: boolean;
  readonly engine: Engine;
  readonly hostUpdate: boolean;
  /** Since the last `POST /v1/blink`, for 15 s. */
  readonly blinking: boolean;
  /** The keys there are, by what they are for. */
  readonly keys: readonly KeyState[];
  readonly apps: readonly AppState[];
}

export interface KeyState {
  readonly scope: 'global' | 'app';
  /** null for the Supervisor's own. */
  readonly appId: number | null;
  /** null for the Supervisor's own, and for the key of no service. */
  readonly serviceName: string | null;
}

export interface AppState {
  readonly appId: number;
  readonly appUuid: string;
  readonly appName: string;
  /** The release that was applied last. */
  readonly commit: string;
  /** The release the cloud wants to run. */
  readonly targetCommit: string;
  /** The service that holds the update lock; the first if there are several. */
  readonly lockedBy: string | null;
  /** All services that hold the update lock. */
  readonly locks: readonly string[];
  /** Whether the Supervisor itself holds the app's locks, for what it does or by `holdLocks()`. */
  readonly busy: boolean;
  readonly update: UpdateState | null;
  /** What is being done over instead of an update. */
  readonly recreating: 'restart' | 'purge' | null;
  readonly containers: readonly ContainerState[];
  readonly images: readonly ImageView[];
}

export interface ContainerState extends ContainerView {
  /** When it was started last; null unless it runs. */
  readonly startedAt: string | null;
  /** Whether the key in its environment is a valid one; not so after that was regenerated, until the next update. */
  readonly hasValidKey: boolean;
}

export interface UpdateState {
  readonly commit: string;
  /** For example `downloading`, `blocked` (by the update lock), `pull-failed`, `stopping`, `finishing`. */
  readonly stage: string;
  /** Whole percent. */
  readonly downloadProgress: number;
}

/** The state of a settled model at this moment. */
export function describeState(model: Model, now: number): SupervisorState {
  return {
    bootId: bootIdOf(model),
    rebooting: model.outage?.cause === 'reboot',
    outage: model.outage?.cause ?? null,
    localMode: model.localMode,
    unmanaged: model.cloud === 'none',
    instantUpdates: model.instantUpdates,
    healthy: model.healthy,
    cloudReachable: model.cloud === 'up',
    engine: model.engine,
    hostUpdate: model.hostUpdate,
    blinking: now < model.blinkingUntil,
    keys: model.keys.map(describeKey),
    apps: model.apps.map((app) => describeApp(model, app, now)),
  };
}

function describeKey({ appId, serviceName }: ApiKey): KeyState {
  return { scope: appId === null ? 'global' : 'app', appId, serviceName };
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
    lockedBy: app.locks[0] ?? null,
    locks: app.locks,
    busy: lockedUntil(app) > now,
    update:
      apply?.goal === 'target'
        ? { commit: apply.release.commit, stage: apply.stage, downloadProgress: progressOf(app, now) }
        : null,
    recreating: apply === null || apply.goal === 'target' ? null : apply.goal,
    containers: existing.map((container) => describeContainer(model, app, container)),
    images: app.images.map((image) => viewImage(app, image, now)),
  };
}

function describeContainer(model: Model, app: App, container: Container): ContainerState {
  const isRunning = container.status === 'Running';
  return {
    ...viewContainer(app, container),
    startedAt: isRunning ? new Date(container.startedAt).toISOString() : null,
    hasValidKey: findKey(model, container.apiKey) !== undefined,
  };
}

function progressOf({ apply, images }: App, now: number): number {
  if (apply?.stage === 'preparing' || apply?.stage === 'pull-failed') return 0;
  const percents = images.flatMap((image) => downloadPercent(image, now) ?? []);
  return percents.length === 0 ? 100 : Math.round(percents.reduce((sum, each) => sum + each, 0) / percents.length);
}
