import { closeSync, lstatSync, openSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from './make-folder.js';

/** The data is one server's for as long as it holds this. */
export interface DataLock {
  release: () => void;
}

/** What is collected as garbage is closed, and would let go of its lock. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock on data in an SQLite file, whose folder is made if it is not there; `undefined` where another server has it.
 * The system keeps it, on a file beside the data, and releases it however the process ends. It applies to all
 * processes of the machine that see the same file, in any container.
 *
 * @throws Node's error, or SQLite's, where there can be no such file.
 */
export async function lockData(databasePath: string): Promise<DataLock | undefined> {
  await makeFolder(dirname(databasePath));
  const path = `${realPath(databasePath)}.lock`;
  makeFile(path);
  // SQLite locks files on every system, and its file stays empty unless something is written.
  const lock = new DatabaseSync(path);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: unknown }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  held.add(lock);
  return {
    release: () => {
      if (held.delete(lock)) lock.close();
    },
  };
}

const SQLITE_BUSY = 5;

/** For its owner alone. One that is there is left alone: to open and close it would take a lock of this process from it. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Of a file that may be named by a link, also before it exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const target = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
      ? resolve(dirname(path), readlinkSync(path))
      : path;
    return join(realpathSync(dirname(target)), basename(target));
  }
}
