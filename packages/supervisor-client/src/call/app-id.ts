import { SupervisorError } from '../errors/supervisor-error.js';

/** Whether a value can be the ID of an app. */
export function isAppId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** @throws TypeError that names the option */
export function assertAppId(value: unknown): asserts value is number {
  if (!isAppId(value)) throw new TypeError('The option `appId` must be a positive whole number, as in BALENA_APP_ID.');
}

/** The app that is meant: the one that is named, or else the client's own. */
export function appIdOf(named: number | undefined, own: number | undefined): number {
  const appId = named === undefined ? own : named;
  if (appId === undefined) {
    throw new SupervisorError({
      code: 'not-configured',
      message:
        'No app ID is known: name one, give the client `appId`, or make it by `fromEnv` where BALENA_APP_ID is set to a number.',
    });
  }
  assertAppId(appId);
  return appId;
}
