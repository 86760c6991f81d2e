import { closeSync, lstatSync, openSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from './make-folder.js';

/** The lock on the data of one server. */
export interface DataLock {
  release: () => void;
}

/** Garbage collection would close it and release its lock. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock on data in an SQLite file, and creates its folder if it does not exist; `undefined` if another server
 * holds the lock. The system keeps it on a file beside the data, and releases it however the process ends. It applies
 * to all processes of the machine that see the same file, in any container.
 *
 * @throws Node's error, or SQLite's, if the file cannot be created.
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

/** Private to its owner. An existing file is not opened: closing it again would release a lock of this process. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The path of a file that a link may name, even before it exists. */
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
