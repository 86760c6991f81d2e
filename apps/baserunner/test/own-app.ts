import type { Supervisor } from '@serve.zone/balena-supervisor-emulator';

const appId = 1_234_567;

/** The app of BaseRunner and one other service, for `createSupervisor`. */
export const ownApp = { appId, commit: 'old', services: ['main', 'baserunner'] };

/** The variables that a Supervisor with that app, at this address, gives to BaseRunner's container. */
export function ownAppEnv(supervisor: Supervisor, address: string): Record<string, string> {
  return {
    BALENA_SUPERVISOR_ADDRESS: address,
    BALENA_SUPERVISOR_API_KEY: supervisor.apiKeyOf({ serviceName: 'baserunner' }),
    BALENA_APP_ID: String(appId),
    BALENA_SERVICE_NAME: 'baserunner',
  };
}
