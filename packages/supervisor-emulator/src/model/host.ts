/** The device and its settings, without the apps. */
export interface Host {
  uuid: string;
  deviceName: string;
  deviceType: string;
  arch: string;
  hostname: string;
  proxy: ProxyFiles;
  /** The tags in the cloud. An unmanaged device also accepts changes to them. */
  tags: readonly DeviceTag[];
  vpnConnected: boolean;
  /** The requested configuration, without defaults. */
  wantedConfig: Readonly<Record<string, string>>;
  /** The configuration that the cloud has for the device. */
  offeredConfig: Readonly<Record<string, string>>;
  /** What has been written into the files that the device boots by. */
  bootConfig: Readonly<Record<string, string>>;
  /** Whether that needs a reboot. */
  needsReboot: boolean;
}

/**
 * The two files that store a proxy. Nothing else is stored: the next `GET` shows what can be read from them after a change.
 */
export interface ProxyFiles {
  /** redsocks.conf; undefined if there is none. */
  redsocks: string | undefined;
  /** no_proxy; undefined if there is none. */
  noProxy: string | undefined;
}

/** A tag of the device, as `GET /v2/device/tags` lists it. */
export interface DeviceTag {
  id: number;
  name: string;
  value: string;
}

/** The name the Supervisor gives to a device without setting one: the start of its UUID. */
export function defaultHostname(uuid: string): string {
  return uuid.slice(0, 7);
}

/** The host with these tags: known names get the new value, others are added. */
export function setTags(host: Host, tags: Readonly<Record<string, string>>): Host {
  const kept = host.tags.map(({ id, name, value }) => ({ id, name, value: tags[name] ?? value }));
  const known = new Set(kept.map(({ name }) => name));
  const highest = Math.max(firstTagId - 1, ...kept.map(({ id }) => id));
  const added = Object.entries(tags)
    .filter(([name]) => !known.has(name))
    .map(([name, value], index) => ({ id: highest + 1 + index, name, value }));
  return { ...host, tags: [...kept, ...added] };
}

/** The ID of a first tag. */
export const firstTagId = 188_303;
