import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { longestPathBytes } from './own-life-sign.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Supervisors since 7.22 and those before look for a service's lock. Newer ones look at both. */
const paths = ['/tmp/balena/updates.lock', '/tmp/resin/resin-updates.lock'] as const;

/**
 * The lock file of this service: `path` if given, else what the Supervisor put into the environment, else the usual file
 * in whichever folder there is. One file is enough, as any Supervisor looks at the one that it names.
 */
export function lockPath(
  path: string | undefined,
  environment: Environment = process.env,
  exists: (folder: string) => boolean = existsSync,
): string {
  if (path !== undefined && typeof path !== 'string') throw new TypeError('The option `path` must be a text.');
  const named = [path, environment['BALENA_APP_LOCK_PATH'], environment['RESIN_APP_LOCK_PATH']];
  // Looked for only where it matters: a runtime may forbid even the look.
  const usual = () => paths.find((file) => exists(dirname(file))) ?? paths[0];
  const chosen = resolve(named.find((file) => file !== undefined && file !== '') ?? usual());
  if (chosen.includes('\0')) {
    throw new TypeError(`The path of the lock file must have no NUL character: ${JSON.stringify(chosen)}`);
  }
  if (Buffer.byteLength(chosen) > longestPathBytes) {
    throw new TypeError(`The path of the lock file must have ${longestPathBytes} bytes at most: ${chosen}`);
  }
  return chosen;
}
