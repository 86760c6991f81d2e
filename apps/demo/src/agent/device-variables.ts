import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Supervisor } from '@serve.zone/balena-supervisor-emulator';

export const HEARTBEAT_INTERVAL_MS = 2000;

export interface EmulatedDevice {
  /** Its folder. */
  device: string;
  cloudlyUrl: string;
  joinToken: string;
  supervisor: Supervisor;
  /** Where the Supervisor listens. */
  address: string;
}

/** The variables that a device's configuration and balenaOS would set for BaseRunner. */
export function deviceVariables(options: EmulatedDevice): Record<string, string> {
  const { device, cloudlyUrl, joinToken, supervisor, address } = options;
  const [app] = supervisor.state.apps;
  return {
    BASEOS_CLOUDLY_URL: cloudlyUrl,
    BASEOS_JOIN_TOKEN: joinToken,
    BASEOS_STATE_PATH: join(device, 'data', 'state.json'),
    BASEOS_RUN_PATH: join(device, 'run'),
    BASEOS_HEARTBEAT_INTERVAL_MS: String(HEARTBEAT_INTERVAL_MS),
    BASEOS_START_SPREAD_MS: '0',
    BASEOS_LOG_FORMAT: 'json',
    BASEOS_LOG_LEVEL: 'debug',
    BALENA_SUPERVISOR_ADDRESS: address,
    BALENA_SUPERVISOR_API_KEY: supervisor.apiKey,
    BALENA_DEVICE_UUID: randomBytes(16).toString('hex'),
    BALENA_DEVICE_TYPE: 'generic-amd64',
    ...(app && { BALENA_APP_ID: String(app.appId), BALENA_APP_NAME: app.appName }),
    BALENA_SERVICE_NAME: 'baserunner',
  };
}
