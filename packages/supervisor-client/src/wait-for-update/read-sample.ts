import type { ContainerStatus } from '../answers/state-status.js';
import type { UpdateSample } from './update-sample.js';

/** Why an attempt of the Supervisor failed, as far as that is known. See `UpdateOutcome`. */
export type UpdateFailure = 'rejected' | 'aborted' | 'download' | 'installation' | 'undetermined';

/**
 * What a single sample means:
 *
 * - `idle`: the Supervisor does nothing, and runs its target release
 * - `not-applied`: it does nothing, although its target is another release
 * - `preparing`, `downloading`, `downloaded`, `installing`: it is working
 * - `locked`: everything is downloaded, and nothing has been stopped for it
 * - `failing`: its last attempt failed, and the next one has achieved nothing yet
 */
export type Reading = { current?: string; target?: string } & (
  | { kind: 'idle' | 'not-applied' | 'preparing' | 'downloaded' | 'installing' | 'locked' }
  | { kind: 'downloading'; downloadProgressPercent: number }
  | { kind: 'failing'; failure: UpdateFailure }
);

/** Reads a sample. Pure. */
export function readSample(sample: UpdateSample): Reading {
  const { device, status, app } = sample;
  // The status is about one app, and names the release even while another is applied; the device names none then.
  const current = status.release ?? device.commit;
  return {
    ...(current !== undefined && { current }),
    ...(app?.commit !== undefined && { target: app.commit }),
    ...read(sample),
  };
}

function read(sample: UpdateSample): Reading {
  const { device, status, app } = sample;
  const percent = downloadPercent(sample);
  if (app?.updateStatus === 'rejected') return { kind: 'failing', failure: 'rejected' };
  if (app?.updateStatus === 'aborted' && percent === undefined) return { kind: 'failing', failure: 'aborted' };
  if (!device.updatePending && status.appState === 'applied' && percent === undefined) {
    const isTarget = app?.commit === undefined || status.release === undefined || app.commit === status.release;
    return { kind: isTarget ? 'idle' : 'not-applied' };
  }
  // After a failed attempt the flag stays until the release runs: a download in progress outweighs it.
  if (percent !== undefined && (percent > 0 || !device.updateFailed)) {
    return { kind: 'downloading', downloadProgressPercent: percent };
  }
  if (device.updateFailed) return readFailure(sample);
  if (!device.updateDownloaded && app?.updateStatus !== 'applying changes') return { kind: 'preparing' };
  return { kind: isUntouched(sample) ? 'downloaded' : 'installing' };
}

/** The flags are the same for a lock, for one of several images that cannot be downloaded, and for a container that does not start. */
function readFailure(sample: UpdateSample): Reading {
  const { device, status, app } = sample;
  if (!device.updateDownloaded) return { kind: 'failing', failure: 'download' };
  if (!isUntouched(sample)) return { kind: 'failing', failure: 'installation' };
  if (app?.updateStatus !== undefined) {
    const isMissing = app.services.some((service) => service.status === 'Downloading');
    return isMissing ? { kind: 'failing', failure: 'download' } : { kind: 'locked' };
  }
  const isPlain = status.containers.every(
    (container) => container.status === 'Running' && hasOtherImage(sample, container),
  );
  return isPlain ? { kind: 'locked' } : { kind: 'failing', failure: 'undetermined' };
}

/** The progress of the current download: the mean of its images. `undefined` without a download. */
function downloadPercent({ status, app }: UpdateSample): number | undefined {
  if (status.overallDownloadProgressPercent !== undefined) return status.overallDownloadProgressPercent;
  const images = status.images.filter((image) => image.status === 'Downloading');
  // The download of a service at 0 % has not begun, because of a failure or a lock.
  const services = app?.services.filter((service) => service.status === 'Downloading' && percentOf(service) > 0) ?? [];
  const parts = [...images, ...services].map(percentOf);
  return parts.length === 0 ? undefined : Math.round(parts.reduce((sum, percent) => sum + percent) / parts.length);
}

function percentOf({ downloadProgressPercent = 0 }: { downloadProgressPercent?: number }): number {
  return downloadProgressPercent;
}

/** Whether the previous release still runs: nothing is stopped or created for the next one, which has an image waiting. */
function isUntouched(sample: UpdateSample): boolean {
  const { containers } = sample.status;
  if (containers.length === 0 || containers.some(({ status }) => inChange.has(status))) return false;
  // Since 17.7 every service of the target is listed, with the state of its image until it has a container.
  if (sample.app?.updateStatus !== undefined) {
    return sample.app.services.some(({ status }) => status === 'Downloaded' || status === 'Downloading');
  }
  return containers.some((container) => hasOtherImage(sample, container));
}

const inChange: ReadonlySet<string> = new Set(['Stopping', 'Installing', 'Installed', 'Starting', 'Dead', 'removing']);

/** Whether an image of its service is downloaded that the container does not run. */
function hasOtherImage({ status }: UpdateSample, { serviceName, imageId }: ContainerStatus): boolean {
  return status.images.some(
    (image) => image.status === 'Downloaded' && image.serviceName === serviceName && image.imageId !== imageId,
  );
}
