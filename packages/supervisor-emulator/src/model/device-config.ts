/**
 * The device's configuration as `GET /v2/local/target-state` shows it: the requested values with names that the
 * Supervisor knows, then the defaults of the rest.
 */
export function completeConfig(
  wanted: Readonly<Record<string, string>>,
  { unmanaged }: { unmanaged: boolean },
): Record<string, string> {
  const config = { ...wanted };
  config['SUPERVISOR_VPN_CONTROL'] ??= 'true';
  if (unmanaged) config['SUPERVISOR_LOCAL_MODE'] ??= 'true';
  for (const [name, value] of Object.entries(defaults)) config[name] ??= value;
  return config;
}

/** The names without `BALENA_` and `RESIN_`, except those without a meaning. */
export function normaliseConfig(config: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(config);
  const under = (prefix: string): [string, string][] =>
    entries.filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]);
  const bare = entries.filter(([name]) => !name.startsWith('BALENA_') && !name.startsWith('RESIN_'));
  const merged: Record<string, string> = {};
  for (const [name, value] of [...under('BALENA_'), ...under('RESIN_'), ...bare]) merged[name] ??= value;
  const known = Object.fromEntries(Object.entries(merged).filter(([name]) => isKnown(name)));
  const override = known['OVERRIDE_LOCK'];
  return override === undefined ? known : { ...known, SUPERVISOR_OVERRIDE_LOCK: override };
}

/** The part that ends in the files that the device boots by. */
export function bootPartOf(config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => isBoot(name)));
}

function isKnown(name: string): boolean {
  return Object.hasOwn(defaults, name) || ['SUPERVISOR_VPN_CONTROL', 'OVERRIDE_LOCK'].includes(name) || isBoot(name);
}

// Values that end up in the device's boot files.
function isBoot(name: string): boolean {
  return /^(?:HOST_(?:CONFIG|EXTLINUX|ODMDATA)_|(?:HOST_CONFIGFS_)?ssdt$|(?:HOST_SPLASH_)?image$|(?:power_mode|fan_profile)$)/.test(
    name,
  );
}

const defaults: Readonly<Record<string, string>> = {
  SUPERVISOR_POLL_INTERVAL: '900000',
  SUPERVISOR_INSTANT_UPDATE_TRIGGER: 'true',
  SUPERVISOR_LOCAL_MODE: 'false',
  SUPERVISOR_CONNECTIVITY_CHECK: 'true',
  SUPERVISOR_LOG_CONTROL: 'true',
  SUPERVISOR_API_REQUEST_TIMEOUT: '59000',
  SUPERVISOR_DELTA: 'false',
  SUPERVISOR_DELTA_REQUEST_TIMEOUT: '59000',
  SUPERVISOR_DELTA_APPLY_TIMEOUT: '0',
  SUPERVISOR_DELTA_RETRY_COUNT: '30',
  SUPERVISOR_DELTA_RETRY_INTERVAL: '10000',
  SUPERVISOR_DELTA_VERSION: '2',
  SUPERVISOR_OVERRIDE_LOCK: 'false',
  SUPERVISOR_PERSISTENT_LOGGING: 'false',
  HOST_FIREWALL_MODE: 'off',
  HOST_DISCOVERABILITY: 'true',
  SUPERVISOR_HARDWARE_METRICS: 'true',
};
