import { bypassesProxy } from './bypasses-proxy.js';
import type { EnvironmentReader } from './environment-reader.js';
import type { RunnerConfig, Settings } from './runner-config.js';
import type { Setting } from './setting.js';
import { settings } from './settings.js';

type Combined = Pick<RunnerConfig, 'certificateAuthorities' | 'cloudlyProxy'>;

/** Every setting as the environment has it, or its default, and what some of them give together. */
export function readSettings(reader: EnvironmentReader): Settings & Combined {
  const read: Record<string, unknown> = {};
  // The type of the table ensures that each row fits its member, and that a required value has a default.
  const whole = read as Record<string, unknown> & Settings;
  for (const [member, setting] of Object.entries<Setting>(settings)) {
    read[member] = reader.read(setting) ?? defaultOf(setting, whole);
  }
  return {
    ...whole,
    certificateAuthorities: whole.certificatesOfFile ?? whole.certificatesOfValue,
    cloudlyProxy: proxyOf(whole),
  };
}

function defaultOf({ default: preset }: Setting, earlier: Settings): unknown {
  if (preset === undefined) return undefined;
  return 'value' in preset ? preset.value : preset.from?.(earlier);
}

/** The proxy that calls to Cloudly take, if they take one. */
function proxyOf({ cloudlyUrl, httpsProxy, httpProxy, noProxy = '' }: Settings): RunnerConfig['cloudlyProxy'] {
  const proxy = cloudlyUrl?.protocol === 'https:' ? httpsProxy : httpProxy;
  return cloudlyUrl && !bypassesProxy(cloudlyUrl, noProxy) ? proxy : undefined;
}
