import type { ContainerStatus } from '../answers/state-status.js';
import type { UpdateSample } from './update-sample.js';

/** Where an attempt of the Supervisor's fails, as far as that can be told. See `UpdateOutcome`. */
export type UpdateFailure = 'rejected' | 'aborted' | 'download' | 'installation' | 'undetermined';

/**
 * What one sample means by itself:
 *
 * - `idle`: the Supervisor does nothing, and runs what it shall
 * - `not-applied`: it does nothing, though it shall run another release
 * - `preparing`, `downloading`, `downloaded`, `installing`: it is at work
 * - `locked`: everything is downloaded, and nothing has been stopped for it
 * - `failing`: its last attempt failed, and the next one has brought nothing yet
 */
export type Reading = { current?: string; target?: string } & (
  | { kind: 'idle' | 'not-applied' | 'preparing' | 'downloaded' | 'installing' | 'locked' }
  | { kind: 'downloading'; downloadProgressPercent: number }
  | { kind: 'failing'; failure: UpdateFailure }
);

/** Reads a sample. Pure. */
export function readSample(sample: UpdateSample): Reading {
  const { device, status, app } = sample;
  // Of one app, and told also while another release is applied; the device names none then.
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
  // Once an attempt has failed the flag stays until the release runs: a download that gets on outweighs it.
  if (percent !== undefined && (percent > 0 || !device.updateFailed)) {
    return { kind: 'downloading', downloadProgressPercent: percent };
  }
  if (device.updateFailed) return readFailure(sample);
  if (!device.updateDownloaded && app?.updateStatus !== 'applying changes') return { kind: 'preparing' };
  return { kind: isUntouched(sample) ? 'downloaded' : 'installing' };
}

/** The flags are the same for a lock, for an image of several that cannot be had, and for a container that does not start. */
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

/** How far the download is that is under way: the mean of its images. `undefined` without one. */
function downloadPercent({ status, app }: UpdateSample): number | undefined {
  if (status.overallDownloadProgressPercent !== undefined) return status.overallDownloadProgressPercent;
  const images = status.images.filter((image) => image.status === 'Downloading');
  // A service at 0 % is one whose download has not begun, be it for a failure or a lock.
  const services = app?.services.filter((service) => service.status === 'Downloading' && percentOf(service) > 0) ?? [];
  const parts = [...images, ...services].map(percentOf);
  return parts.length === 0 ? undefined : Math.round(parts.reduce((sum, percent) => sum + percent) / parts.length);
}

function percentOf({ downloadProgressPercent = 0 }: { downloadProgressPercent?: number }): number {
  return downloadProgressPercent;
}

/** Whether the release before still runs: nothing is stopped or made for the next one, of which some image waits. */
function isUntouched(sample: UpdateSample): boolean {
  const { containers } = sample.status;
  if (containers.length === 0 || containers.some(({ status }) => inChange.has(status))) return false;
  // Since 17.7 every service of the target is listed, with the state of its image for as long as it has no container.
  if (sample.app?.updateStatus !== undefined) {
    return sample.app.services.some(({ status }) => status === 'Downloaded' || status === 'Downloading');
  }
  return containers.some((container) => hasOtherImage(sample, container));
}

const inChange: ReadonlySet<string> = new Set(['Stopping', 'Installing', 'Installed', 'Starting', 'Dead', 'removing']);

/** Whether another image of its service has been downloaded than the container runs. */
function hasOtherImage({ status }: UpdateSample, { serviceName, imageId }: ContainerStatus): boolean {
  return status.images.some(
    (image) => image.status === 'Downloaded' && image.serviceName === serviceName && image.imageId !== imageId,
  );
}
