import { bootPartOf, normaliseConfig } from '../model/device-config.js';
import { hexId } from '../model/model.js';
import type { Cloud } from '../model/cloud.js';
import { defaultHostname, firstTagId } from '../model/host.js';
import type { Host } from '../model/host.js';

/** The options of the device itself. */
export interface HostOptions {
  /** @default 32 hex digits derived from the seed */
  uuid?: string;
  /** @default 'quiet-lake', or 'local' on an unmanaged device */
  deviceName?: string;
  /** @default 'raspberrypi4-64' */
  deviceType?: string;
  /** @default 'aarch64' */
  arch?: string;
  /** @default the first 7 digits of the UUID */
  hostname?: string;
  /** The device's tags in the cloud. @default none */
  tags?: Readonly<Record<string, string>>;
  /** @default true */
  vpnConnected?: boolean;
  /** Configuration variables such as `SUPERVISOR_VPN_CONTROL`, as the cloud would set them. @default none */
  config?: Readonly<Record<string, string>>;
  /** No cloud: the device is in local mode with the given apps, needs no key, and has no tags. @default false */
  unmanaged?: boolean;
}

/** The names of the options, to detect unknown ones. */
export const hostOptionNames = [
  'uuid',
  'deviceName',
  'deviceType',
  'arch',
  'hostname',
  'tags',
  'vpnConnected',
  'config',
  'unmanaged',
] as const satisfies readonly (keyof HostOptions)[];

type Check = (holds: boolean, name: string, expected: string) => void;

/** Checks the options and builds the device's first state. */
export function makeHost(options: HostOptions, seed: string, check: Check): { host: Host; cloud: Cloud } {
  const { uuid = hexId(seed, 'uuid').slice(0, 32), unmanaged = false, tags = {}, config = {} } = options;
  const { deviceType = 'raspberrypi4-64', arch = 'aarch64', vpnConnected = true } = options;
  const { deviceName = unmanaged ? 'local' : 'quiet-lake', hostname = defaultHostname(uuid) } = options;
  for (const [name, value] of Object.entries({ uuid, deviceName, deviceType, arch, hostname })) {
    check(typeof value === 'string' && value !== '', name, 'a non-empty string');
  }
  for (const [name, value] of Object.entries({ unmanaged, vpnConnected })) {
    check(typeof value === 'boolean', name, 'a boolean');
  }
  for (const [name, value] of Object.entries({ tags, config })) {
    check(isTextDictionary(value), name, 'an object whose values are strings');
  }
  const numbered = Object.entries(tags).map(([name, value], index) => ({ id: firstTagId + index, name, value }));
  const proxy = { redsocks: undefined, noProxy: undefined };
  const named = { uuid, deviceName, deviceType, arch, hostname };
  const wantedConfig = normaliseConfig(config);
  const host = {
    ...named,
    proxy,
    tags: numbered,
    vpnConnected,
    wantedConfig,
    offeredConfig: wantedConfig,
    bootConfig: bootPartOf(wantedConfig),
    needsReboot: false,
  };
  return { host, cloud: unmanaged ? 'none' : 'up' };
}

/** Whether this is an object whose values are strings. */
export function isTextDictionary(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === 'string')
  );
}
