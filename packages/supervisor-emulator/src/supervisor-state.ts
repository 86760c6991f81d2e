import { containersOf, imagesOf } from './app-view.js';
import type { ContainerView, ImageView } from './app-view.js';
import { bootIdOf } from './model.js';
import type { App, Model } from './model.js';
import { downloadPercent, stageOf } from './update-stages.js';

/** What an emulated device is at, for tests and demos to read. It holds no key. */
export interface SupervisorState {
  /** Another one after each reboot. */
  readonly bootId: string;
  readonly rebooting: boolean;
  readonly localMode: boolean;
  readonly instantUpdates: boolean;
  readonly healthy: boolean;
  readonly apps: readonly AppState[];
}

export interface AppState {
  readonly appId: number;
  readonly appName: string;
  /** The release that runs. */
  readonly commit: string;
  /** The release the cloud wants to run. */
  readonly targetCommit: string;
  /** The service that holds the update lock. */
  readonly lockedBy: string | null;
  readonly update: UpdateState | null;
  readonly containers: readonly ContainerState[];
  readonly images: readonly ImageView[];
}

export interface ContainerState extends ContainerView {
  /** When it was started last; null unless it runs. */
  readonly startedAt: string | null;
}

export interface UpdateState {
  readonly commit: string;
  /** For example `downloading`, `blocked` (by the update lock), `stopping`, `finishing`. */
  readonly stage: string;
  /** Whole percent. */
  readonly downloadProgress: number;
}

/** The state of a settled model at this moment. */
export function describeState(model: Model, now: number): SupervisorState {
  return {
    bootId: bootIdOf(model),
    rebooting: model.rebootingSince !== null,
    localMode: model.localMode,
    instantUpdates: model.instantUpdates,
    healthy: model.healthy,
    apps: model.apps.map((app) => describeApp(model, app, now)),
  };
}

function describeApp(model: Model, app: App, now: number): AppState {
  const started = new Map(app.containers.map(({ containerId, startedAt }) => [containerId, startedAt]));
  const withStart = (container: ContainerView): ContainerState => {
    const startedAt = started.get(container.containerId) ?? container.createdAt;
    return { ...container, startedAt: container.status === 'Running' ? new Date(startedAt).toISOString() : null };
  };
  return {
    appId: app.appId,
    appName: app.appName,
    commit: app.release.commit,
    targetCommit: app.target.commit,
    lockedBy: app.lockedBy,
    update: app.update && {
      commit: app.update.release.commit,
      stage: stageOf(app.update, now).name,
      downloadProgress: downloadPercent(app.update, now),
    },
    containers: containersOf(model, app, now).map(withStart),
    images: imagesOf(app, now),
  };
}
