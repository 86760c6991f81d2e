import { SupervisorError } from '../errors/supervisor-error.js';

/** Whether a value can be an app ID. */
export function isAppId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** @throws TypeError that names the option */
export function assertAppId(value: unknown): asserts value is number {
  if (!isAppId(value)) throw new TypeError('The option `appId` must be a positive whole number, as in BALENA_APP_ID.');
}

/** The app ID that the call names, or else the client's own. */
export function appIdOf(named: number | undefined, own: number | undefined): number {
  const appId = named === undefined ? own : named;
  if (appId === undefined) {
    throw new SupervisorError({
      code: 'not-configured',
      message:
        'There is no app ID. Pass one to the call, set the option `appId`, or use `fromEnv` in a container where BALENA_APP_ID is set.',
    });
  }
  assertAppId(appId);
  return appId;
}
