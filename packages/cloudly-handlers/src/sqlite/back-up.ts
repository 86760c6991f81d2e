import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FleetStoreError } from '../fleet-store-error.js';
import { freezeJoinTokens } from '../freeze-join-tokens.js';
import type { JoinTokenRecord } from '../join-token-record.js';
import type { OperatorOptions } from '../operator.js';
import { BUSY_TIMEOUT_MS, openSqliteStore, unusable } from './open-sqlite-store.js';
import { nameFile } from './name-file.js';
import { schemaVersion } from './schema.js';

export interface SqliteBackup {
  takenAtMs: number;
  /** Those that let nodes in when it was taken, as they are in it. */
  frozenJoinTokens: JoinTokenRecord[];
}

/**
 * Copies a fleet in an SQLite file into another one, as it is at one instant, beside processes that have it open. The copy
 * is a fleet by itself. To restore it, put it in the place of the file while nobody has that open, and remove the two more
 * files that SQLite kept there. The thread is held meanwhile.
 *
 * In the copy all join tokens are frozen (`freezeJoinTokens`), since a restore forgets their later uses, and it knows that
 * it is one (`backupTakenAtMs`). It has the mode 0600, and its name once it is whole and on the disk.
 *
 * @throws FleetStoreError when there is no fleet that can be copied; Node's error when the copy cannot be written, with the
 * code `EEXIST` when there is such a file.
 */
export const backUpSqliteFleet = async (
  path: string,
  backupPath: string,
  options: OperatorOptions = {},
): Promise<SqliteBackup> => {
  const partialPath = `${backupPath}.${globalThis.crypto.randomUUID()}.partial`;
  try {
    const takenAtMs = (options.now ?? Date.now)();
    // SQLite itself would let others read a file that it makes.
    closeSync(openSync(partialPath, 'wx', 0o600));
    copy(path, partialPath);
    const frozenJoinTokens = await freeze(partialPath, takenAtMs);
    markAsBackup(partialPath, takenAtMs);
    writeThrough(partialPath, 'r+');
    nameFile(partialPath, backupPath);
    // Windows has no way to do so with a folder, and no need.
    if (process.platform !== 'win32') writeThrough(dirname(backupPath), 'r');
    return { takenAtMs, frozenJoinTokens };
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${partialPath}${suffix}`, { force: true });
  }
};

const copy = (path: string, copyPath: string): void => {
  const database = openFleet(path);
  try {
    // One statement: it reads the fleet as it is at one instant, while others go on writing.
    database.prepare('VACUUM INTO ?').run(copyPath);
  } finally {
    database.close();
  }
};

/** Without a change to it, whatever version wrote it. */
const openFleet = (path: string): DatabaseSync => {
  if (!existsSync(path)) throw new FleetStoreError('database-missing', `There is no fleet at ${path}`);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    if (schemaVersion(database) === 0) throw new FleetStoreError('database-missing', `There is no fleet in ${path}`);
    return database;
  } catch (error) {
    database?.close();
    throw unusable(error, path);
  }
};

const freeze = async (path: string, takenAtMs: number): Promise<JoinTokenRecord[]> => {
  const store = openSqliteStore(path);
  try {
    return await freezeJoinTokens(store, { backupTakenAtMs: takenAtMs, now: () => takenAtMs });
  } finally {
    store.close();
  }
};

/** Unless it was one before: what was forgotten then is still. */
const markAsBackup = (path: string, takenAtMs: number): void => {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = DELETE');
    database.prepare('UPDATE cloudly SET backup_taken_at_ms = coalesce(backup_taken_at_ms, ?)').run(takenAtMs);
  } finally {
    database.close();
  }
};

/** VACUUM INTO leaves it to the system when the file gets to the disk. */
const writeThrough = (path: string, flags: 'r' | 'r+'): void => {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};
