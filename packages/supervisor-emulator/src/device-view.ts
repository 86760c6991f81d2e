import { runningApps } from './model.js';
import type { App, Model } from './model.js';
import { containersOf, imagesOf } from './app-view.js';
import { stageOf } from './update-stages.js';

/** The body of `GET /v1/device`: what the device says of itself, and of the first service of its first app only. */
export function deviceView(model: Model, now: number): Record<string, unknown> {
  const apps = runningApps(model).toSorted((one, other) => one.appId - other.appId);
  const [first] = apps;
  const updates = apps.flatMap(({ update }) => (update ? [stageOf(update, now)] : []));
  return {
    api_port: 48484,
    ip_address: model.device.ipAddress,
    os_version: model.device.osVersion,
    mac_address: model.device.macAddress,
    supervisor_version: model.device.supervisorVersion,
    update_pending: updates.some(({ pending }) => pending),
    update_failed: updates.some(({ failed }) => failed),
    update_downloaded: updates.some(({ downloaded }) => downloaded),
    // Left out while anything is being applied, as the device is then between two commits.
    ...(first && updates.length === 0 ? { commit: first.release.commit } : {}),
    ...(first ? firstService(first, model, now) : {}),
  };
}

// "First" is by image ID. During an update to an image with a higher ID, the usual case, that is the old service: the
// download itself does not show here. A container's status hides that of its image.
function firstService(app: App, model: Model, now: number): Record<string, unknown> {
  const containers = containersOf(model, app, now);
  const images = imagesOf(app, now).filter(({ imageId }) => containers.every((other) => other.imageId !== imageId));
  const [first] = [
    ...containers.map(({ imageId, status }) => ({ imageId, status, downloadProgress: null })),
    ...images,
  ].toSorted((one, other) => one.imageId - other.imageId);
  if (!first) return {};
  return {
    status: first.status === 'Running' ? 'Idle' : first.status,
    download_progress: first.downloadProgress,
  };
}
