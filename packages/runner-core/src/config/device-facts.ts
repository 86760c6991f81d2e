import { isSafeText } from '@serve.zone/baseos-contracts';
import type { ConfigWarning } from './config-warning.js';
import type { EnvironmentReader } from './environment-reader.js';
import type { DeviceFacts } from './runner-config.js';

const TEXT_MAX_LENGTH = 256;

/**
 * What balenaOS says about the device. A fact that cannot be right is left out with a warning: it must not stop an
 * agent that works without it.
 */
export function readDeviceFacts(reader: EnvironmentReader): { device: DeviceFacts; warnings: ConfigWarning[] } {
  const warnings: ConfigWarning[] = [];
  const fact = <Fact>(name: string, parse: (text: string) => Fact | undefined): Fact | undefined => {
    const text = reader.text(name);
    if (text === undefined) return undefined;
    const parsed = parse(text);
    if (parsed === undefined) {
      warnings.push({
        code: 'device-fact-ignored',
        message: `${name} is ignored: its value is not valid.`,
        remedy: `If you set ${name} yourself, remove it: balenaOS sets it.`,
      });
    }
    return parsed;
  };
  const device = {
    uuid: fact('BALENA_DEVICE_UUID', (text) => (/^[\w-]{1,128}$/.test(text) ? text : undefined)),
    type: fact('BALENA_DEVICE_TYPE', plainText),
    appId: fact('BALENA_APP_ID', positiveInteger),
    appName: fact('BALENA_APP_NAME', plainText),
    serviceName: fact('BALENA_SERVICE_NAME', plainText),
    hostOsVersion: fact('BALENA_HOST_OS_VERSION', plainText),
    updateLockPath: fact('BALENA_APP_LOCK_PATH', absolutePath) ?? fact('RESIN_APP_LOCK_PATH', absolutePath),
  };
  return { device, warnings };
}

function plainText(text: string): string | undefined {
  return text.length <= TEXT_MAX_LENGTH && isSafeText(text) && !/\p{Cc}/u.test(text) ? text : undefined;
}

function absolutePath(text: string): string | undefined {
  return text.startsWith('/') && !text.includes('\0') ? text : undefined;
}

function positiveInteger(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
