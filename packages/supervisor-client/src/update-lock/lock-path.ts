import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { longestPathBytes } from './own-life-sign.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Supervisors since 7.22, and older ones, look for a service's lock. Newer ones look at both. */
const paths = ['/tmp/balena/updates.lock', '/tmp/resin/resin-updates.lock'] as const;

/**
 * The lock file of this service: `path` if given, else the file in the environment, else the usual file in the folder that
 * exists. One file is enough: every Supervisor looks at the file that it names in the environment.
 */
export function lockPath(
  path: string | undefined,
  environment: Environment = process.env,
  exists: (folder: string) => boolean = existsSync,
): string {
  if (path !== undefined && typeof path !== 'string') throw new TypeError('The option `path` must be a string.');
  const named = [path, environment['BALENA_APP_LOCK_PATH'], environment['RESIN_APP_LOCK_PATH']];
  // Looks only if it matters: a runtime may forbid even that.
  const usual = () => paths.find((file) => exists(dirname(file))) ?? paths[0];
  const chosen = resolve(named.find((file) => file !== undefined && file !== '') ?? usual());
  if (chosen.includes('\0')) {
    throw new TypeError(`The path of the lock file must not contain a NUL character: ${JSON.stringify(chosen)}`);
  }
  if (Buffer.byteLength(chosen) > longestPathBytes) {
    throw new TypeError(`The path of the lock file must be at most ${longestPathBytes} bytes long: ${chosen}`);
  }
  return chosen;
}
