import type { Model } from '../model/model.js';
import { isPresent, legacyServicesOf } from './app-view.js';

/** The body of `GET /v1/device`: the device, and only the first service of its first app. */
export function deviceView(model: Model, now: number): Record<string, unknown> {
  const [first] = model.apps.filter(isPresent).toSorted((one, other) => one.appId - other.appId);
  // "First" is by image ID. During an update to an image with a higher ID, the usual case, that is the old service: the
  // download itself does not show here.
  const [service] = first ? Object.values(legacyServicesOf(first, now)) : [];
  const { era } = model;
  const status = service && deviceStatusOf(service.status);
  return {
    api_port: 48484,
    ...(model.device.ipAddress === '' ? {} : { ip_address: model.device.ipAddress }),
    os_version: model.device.osVersion,
    ...(era.deviceTellsVariant ? { os_variant: model.device.osVariant } : {}),
    ...(era.macAddressIsUnknown ? {} : { mac_address: model.device.macAddress }),
    supervisor_version: model.device.supervisorVersion,
    update_pending: model.apps.some(({ reported }) => reported.pending),
    update_failed: model.apps.some(({ reported }) => reported.failed),
    update_downloaded: model.apps.some(({ reported }) => reported.downloaded),
    // Omitted during an apply, because the device is then between two commits. The oldest versions still report it.
    ...(first && (!isApplying(model) || era.deviceTellsVariant) ? { commit: first.release.commit } : {}),
    ...(service ? { status, download_progress: service.download_progress } : {}),
  };
}

// A container that is being started is known twice for a moment, which is taken for a handover.
function deviceStatusOf(status: string): string {
  if (status === 'Running') return 'Idle';
  return status === 'Starting' ? 'Handing over' : status;
}

/** Whether the Supervisor is bringing anything to a target. */
export function isApplying(model: Model): boolean {
  return model.apps.some(({ apply }) => apply !== undefined);
}
