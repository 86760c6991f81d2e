import { isSendableKey, unsendableKey } from '../errors/api-key.js';
import { isAppId } from './app-id.js';
import { addressProblem } from './client-options.js';
import { SupervisorError } from '../errors/supervisor-error.js';
import { labelAdvice } from '../errors/to-supervisor-error.js';

/** Environment variables, as in `process.env`. An empty one counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ReadEnvironment {
  address: string;
  apiKey?: string;
  appId?: number;
}

/** Reads the variables that balenaOS sets. Before Supervisor 7.23 (`APP_ID`: 7.22) it sets only those named RESIN. */
export function readEnvironment(environment: Environment): ReadEnvironment {
  const address = read(environment, 'SUPERVISOR_ADDRESS');
  if (address === undefined) {
    throw new SupervisorError({
      code: 'not-configured',
      message: `BALENA_SUPERVISOR_ADDRESS is not set. ${labelAdvice}`,
    });
  }
  const problem = addressProblem(address.value);
  if (problem !== undefined) {
    throw new SupervisorError({ code: 'not-configured', message: `${address.name} ${problem}. ${labelAdvice}` });
  }
  const apiKey = read(environment, 'SUPERVISOR_API_KEY');
  if (apiKey !== undefined && !isSendableKey(apiKey.value)) {
    throw new SupervisorError({ code: 'api-key-invalid', message: `${apiKey.name}: ${unsendableKey}` });
  }
  const appId = Number(read(environment, 'APP_ID')?.value);
  return {
    address: address.value,
    ...(apiKey !== undefined && { apiKey: apiKey.value }),
    // A value that is not a number counts as unset: most calls work without it, and the others say so.
    ...(isAppId(appId) && { appId }),
  };
}

/** `process.env` without an import, so that this module also loads where `node:process` does not exist. */
export function processEnvironment(): Environment {
  return (globalThis as { process?: { env?: Environment } }).process?.env ?? {};
}

function read(environment: Environment, suffix: string): { name: string; value: string } | undefined {
  for (const name of [`BALENA_${suffix}`, `RESIN_${suffix}`]) {
    const value = environment[name];
    if (value !== undefined && value !== '') return { name, value };
  }
  return undefined;
}
