import { haveContainersChanged, isContainerPassing, isContainerUnstarted } from './containers.js';
import { isTargetWhole, sortTargetServices } from './target-services.js';
import type { UpdatedApp, UpdateSample } from './update-sample.js';

/** Why an attempt of the Supervisor failed. It tries again, at growing intervals of up to 15 minutes. */
export type UpdateFailure =
  /** The device does not meet the requirements of the release. */
  | 'rejected'
  /** The download was given up. */
  | 'aborted'
  /** No image can be downloaded. */
  | 'download'
  /** Everything is downloaded, and a container cannot be replaced. */
  | 'installation';

/** How far an update is. */
export type UpdateStage =
  /** The target release runs, and there is nothing to do. */
  | { kind: 'applied' }
  /** The Supervisor does nothing, although its target is another release: it is about to begin, or in local mode. */
  | { kind: 'not-begun' }
  /** It is about to download. */
  | { kind: 'preparing' }
  | { kind: 'downloading'; progressPercent: number }
  /** Everything is there, and it is about to be installed. */
  | { kind: 'downloaded' }
  /** Everything is there, and nothing is stopped for it: a service holds its update lock. */
  | { kind: 'locked' }
  /** A part is there, and nothing goes on: a service holds its update lock, or something of the release fails. */
  | { kind: 'undetermined' }
  /** Containers are being replaced. */
  | { kind: 'installing' }
  /** The containers of the target release are there, and the release does not count as applied yet. */
  | { kind: 'starting' }
  | { kind: 'failing'; failure: UpdateFailure };

/**
 * Reads how far an update is. Pure.
 *
 * @param previous the look before, which tells what stands still from what is passing
 */
export function updateStage(sample: UpdateSample, previous?: UpdateSample): UpdateStage {
  const { app } = sample;
  if (app.updateStatus === 'rejected') return { kind: 'failing', failure: 'rejected' };
  // A download in progress outweighs the flag of an attempt that failed before it.
  if (app.isDownloading) return { kind: 'downloading', progressPercent: app.downloadProgressPercent ?? 0 };
  if (app.updateStatus === 'aborted') return { kind: 'failing', failure: 'aborted' };
  if (isAtRest(sample)) return { kind: runsTarget(app) ? 'applied' : 'not-begun' };
  const isStill = previous !== undefined && !haveContainersChanged(previous.app, app);
  if (isBeingInstalled(app) || (previous !== undefined && !isStill)) return { kind: 'installing' };
  return sample.updateFailed ? afterFailure(sample, isStill) : onTheWay(sample);
}

/** Whether the running release is the target, as far as the Supervisor names them. */
export function runsTarget({ runningCommit, targetCommit }: UpdatedApp): boolean {
  return targetCommit === undefined || targetCommit === runningCommit;
}

/** `applying` without `updatePending` also stands for a restart, even for one that a lock has refused. */
function isAtRest({ updatePending, appState, app }: UpdateSample): boolean {
  if (updatePending) return false;
  return appState !== 'applying' || (app.targetCommit !== undefined && runsTarget(app));
}

function isBeingInstalled(app: UpdatedApp): boolean {
  return isContainerPassing(app) || (app.services.length === 0 && sortTargetServices(app).downloaded.length > 0);
}

function onTheWay({ app, updateDownloaded }: UpdateSample): UpdateStage {
  const { awaited, downloaded, created } = sortTargetServices(app);
  if (isContainerUnstarted(app)) return { kind: 'installing' };
  if (awaited.length > 0) return { kind: 'preparing' };
  if (downloaded.length > 0) return { kind: 'downloaded' };
  if (created.length > 0) return { kind: 'starting' };
  return { kind: updateDownloaded ? 'downloaded' : 'preparing' };
}

/** The flags are the same for a lock, for an image that cannot be downloaded, and for a container that does not start. */
function afterFailure({ app, updateDownloaded }: UpdateSample, isStill: boolean): UpdateStage {
  const { awaited, downloaded, created } = sortTargetServices(app);
  const hasImages = updateDownloaded || downloaded.length > 0 || created.length > 0;
  if (!hasImages) return { kind: 'failing', failure: 'download' };
  if (awaited.length > 0 || !isTargetWhole(app)) return { kind: 'undetermined' };
  if (downloaded.length > 0) return { kind: isUntouched(app, downloaded) ? 'locked' : 'undetermined' };
  if (!isStill) return { kind: 'starting' };
  const doAllRun = app.services.every(({ status }) => status === 'Running');
  return doAllRun ? { kind: 'locked' } : { kind: 'failing', failure: 'installation' };
}

/** The Supervisor takes the locks of the whole app before it stops the first container for its next one. */
function isUntouched({ services }: UpdatedApp, downloaded: readonly string[]): boolean {
  return downloaded.some((name) => services.some((service) => service.name === name));
}
