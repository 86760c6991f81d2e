import { rm, writeFile } from 'node:fs/promises';
import { readTextFile } from '@serve.zone/baseos-command-line';
import { cloudlyIdAt } from './cloudly-id-at.js';

/** How long a server may take to say that it is there. */
const ANSWER_TIMEOUT_MS = 1000;

/** One data directory, one server: the second one would be another Cloudly to nodes and operators. */
export class DataInUseError extends Error {
  override readonly name = 'DataInUseError';
  readonly code = 'data-in-use';

  constructor(url: string | undefined) {
    super(`another server is already running on this data${url === undefined ? '' : `, at ${url}`}`);
  }
}

/**
 * Where a server on this data can be reached, for commands that run beside it. After a crash it is where the last one was.
 *
 * @returns `undefined` if no server has left its address.
 */
export async function readServerAddress(databasePath: string): Promise<string | undefined> {
  try {
    return readTextFile(addressFile(databasePath)).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Removes the address of a server that ended without doing so.
 *
 * @throws DataInUseError where it answers.
 */
export async function removeStaleServerAddress(databasePath: string, cloudlyId: string): Promise<void> {
  const url = await readServerAddress(databasePath);
  if (url === undefined) return;
  // What answers there may be something else that got the port since.
  if ((await cloudlyIdAt(url, ANSWER_TIMEOUT_MS)) === cloudlyId) throw new DataInUseError(url);
  await removeServerAddress(databasePath, url);
}

/** @throws DataInUseError where another server has left its own in the meantime. */
export async function leaveServerAddress(databasePath: string, url: string): Promise<void> {
  try {
    await writeFile(addressFile(databasePath), `${url}\n`, { flag: 'wx' });
  } catch (error) {
    const other = (error as NodeJS.ErrnoException).code === 'EEXIST' && (await readServerAddress(databasePath));
    throw typeof other === 'string' ? new DataInUseError(other) : error;
  }
}

/** Unless another server has left its own by now. */
export async function removeServerAddress(databasePath: string, url: string): Promise<void> {
  if ((await readServerAddress(databasePath)) === url) await rm(addressFile(databasePath), { force: true });
}

function addressFile(databasePath: string): string {
  return `${databasePath}.address`;
}
