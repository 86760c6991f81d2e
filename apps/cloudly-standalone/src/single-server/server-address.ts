import { rm, writeFile } from 'node:fs/promises';
import { readTextFile } from '@serve.zone/baseos-command-line';
import { cloudlyIdAt } from './cloudly-id-at.js';

/** How long a server may take to answer. */
const ANSWER_TIMEOUT_MS = 1000;

/** One data directory, one server: nodes and operators would see a second one as another Cloudly. */
export class DataInUseError extends Error {
  override readonly name = 'DataInUseError';
  readonly code = 'data-in-use';

  constructor(url: string | undefined) {
    super(`another server is already running on this data${url === undefined ? '' : `, at ${url}`}`);
  }
}

/**
 * The address of the server on this data, for commands that run beside it. After a crash it is the address of the last
 * one.
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
 * @throws DataInUseError if it answers.
 */
export async function removeStaleServerAddress(databasePath: string, cloudlyId: string): Promise<void> {
  const url = await readServerAddress(databasePath);
  if (url === undefined) return;
  // Another program may have taken the port since then.
  if ((await cloudlyIdAt(url, ANSWER_TIMEOUT_MS)) === cloudlyId) throw new DataInUseError(url);
  await removeServerAddress(databasePath, url);
}

/** @throws DataInUseError if another server has recorded its own in the meantime. */
export async function leaveServerAddress(databasePath: string, url: string): Promise<void> {
  try {
    await writeFile(addressFile(databasePath), `${url}\n`, { flag: 'wx' });
  } catch (error) {
    const other = (error as NodeJS.ErrnoException).code === 'EEXIST' && (await readServerAddress(databasePath));
    throw typeof other === 'string' ? new DataInUseError(other) : error;
  }
}

/** Unless another server has recorded its own in the meantime. */
export async function removeServerAddress(databasePath: string, url: string): Promise<void> {
  if ((await readServerAddress(databasePath)) === url) await rm(addressFile(databasePath), { force: true });
}

function addressFile(databasePath: string): string {
  return `${databasePath}.address`;
}
