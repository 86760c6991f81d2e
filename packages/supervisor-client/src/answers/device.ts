import * as v from 'valibot';
import { readJson, type ReadAnswer } from './read-answer.js';
import { integer, lenientList, optionalText, percent, text, versionText, withoutAbsent } from './lenient.js';
import type { OpenEnum } from './open-enum.js';

/** The device, from `GET /v1/device`. With several services, `status` and the download are about the first one. */
export interface Device {
  /** The port that the Supervisor listens on. */
  apiPort: number;
  /** The addresses of the host's network interfaces, IPv4 and IPv6; empty without a network. */
  ipAddresses: string[];
  /** The MAC addresses of the host's network interfaces. */
  macAddresses: string[];
  /** As in `balenaOS 6.5.10`. */
  osVersion?: string;
  /** As in `19.0.5`. */
  supervisorVersion: string;
  /** Whether another release is being applied or is waiting. */
  updatePending: boolean;
  /** Whether the last attempt to apply it failed. An update lock counts as a failure. */
  updateFailed: boolean;
  /** Whether at least one image of the pending release has been downloaded. */
  updateDownloaded: boolean;
  /** The running release; absent while another one is being applied. */
  commit?: string;
  /** `Idle` for a running service. Absent without a service. */
  status?: OpenEnum<'Idle' | 'Starting' | 'Stopping' | 'Installing' | 'Downloading' | 'Downloaded'>;
  /** 0 to 100; absent while nothing is downloaded. */
  downloadProgressPercent?: number;
}

/** The status of the device's VPN to the cloud. */
export interface Vpn {
  /** Whether it is enabled. */
  enabled: boolean;
  /** Whether it is connected. */
  connected: boolean;
}

/** A tag of the device in the cloud. */
export interface DeviceTag {
  /** Its ID in the cloud. */
  id: number;
  /** Its key. */
  name: string;
  /** Its value, which may be empty. */
  value: string;
}

const deviceSchema = v.pipe(
  v.object({
    api_port: integer,
    ip_address: optionalText,
    mac_address: optionalText,
    os_version: optionalText,
    supervisor_version: versionText,
    update_pending: v.boolean(),
    update_failed: v.boolean(),
    update_downloaded: v.boolean(),
    commit: optionalText,
    status: optionalText,
    download_progress: percent,
  }),
  v.transform((answer): Device =>
    withoutAbsent({
      apiPort: answer.api_port,
      ipAddresses: splitWords(answer.ip_address),
      macAddresses: splitWords(answer.mac_address),
      osVersion: answer.os_version,
      supervisorVersion: answer.supervisor_version,
      updatePending: answer.update_pending,
      updateFailed: answer.update_failed,
      updateDownloaded: answer.update_downloaded,
      commit: answer.commit,
      status: answer.status,
      downloadProgressPercent: answer.download_progress,
    }),
  ),
);

const versionSchema = v.pipe(
  v.object({ version: versionText }),
  v.transform(({ version }) => version),
);

const deviceNameSchema = v.pipe(
  v.object({ deviceName: text }),
  v.transform(({ deviceName }) => deviceName),
);

const vpnSchema = v.pipe(
  v.object({ vpn: v.object({ enabled: v.boolean(), connected: v.boolean() }) }),
  v.transform(({ vpn }): Vpn => vpn),
);

const tagsSchema = v.pipe(
  v.object({ tags: lenientList(v.object({ id: integer, name: text, value: text })) }),
  v.transform(({ tags }): DeviceTag[] => tags),
);

export const readDevice: ReadAnswer<Device> = readJson(deviceSchema);
export const readVersion: ReadAnswer<string> = readJson(versionSchema);
export const readDeviceName: ReadAnswer<string> = readJson(deviceNameSchema);
export const readVpn: ReadAnswer<Vpn> = readJson(vpnSchema);
export const readTags: ReadAnswer<DeviceTag[]> = readJson(tagsSchema);

function splitWords(words: string | undefined): string[] {
  return (words ?? '').split(/\s+/).filter((word) => word !== '');
}
