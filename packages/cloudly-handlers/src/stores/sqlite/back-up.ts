import { closeSync, existsSync, fsyncSync, openSync, realpathSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { freezeAccounts } from '../../accounts/freeze-accounts.js';
import { FleetStoreError } from '../../fleet/fleet-store-error.js';
import { freezeJoinTokens } from '../../operator/freeze-join-tokens.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import { disableRestored } from '../../webhooks/disable-restored.js';
import type { OperatorOptions } from '../../operator/operator-event.js';
import { databasePath } from './files/database-path.js';
import { companionsOf } from './files/fleet-files.js';
import { type HeldFile, holdFile } from './files/held-file.js';
import { migrations } from './migrations.js';
import { nameFile } from './files/name-file.js';
import { openSqliteStore } from './open-sqlite-store.js';
import { proveFiles } from './files/prove-files.js';
import { newEpoch, renewMark, schemaVersion } from './schema.js';
import { openingErrorOf, primaryCode } from './driver/sqlite-error.js';
import { createTurns, readInTurn } from './driver/turns.js';

export interface SqliteBackup {
  takenAtMs: number;
  /** The join tokens that could admit nodes when it was taken, as they are in the backup. */
  frozenJoinTokens: JoinTokenRecord[];
}

/**
 * Copies a fleet in an SQLite file into a new file, as it is at one instant, while other processes have it open. The copy is a
 * complete fleet. To restore it, make sure that no process has the file open, put the copy in its place, and remove the files
 * beside it: a log that is left there is refused. The copy blocks the thread.
 *
 * In the copy all join tokens are frozen (`freezeJoinTokens`), because a restore forgets their later uses, and so are sessions,
 * invitations and API tokens (`freezeAccounts`), because it forgets which of them were ended since. Webhooks are
 * disabled, because it forgets what they have sent. The copy knows that it is a
 * backup (`backupTakenAtMs`). It has the mode 0600, and gets its name once it is complete and on the disk.
 *
 * @throws FleetStoreError if there is no fleet that can be copied; Node's error if the copy cannot be written, with the code
 * `EEXIST` if there is such a file.
 */
export async function backUpSqliteFleet(
  path: string,
  backupPath: string,
  options: OperatorOptions = {},
): Promise<SqliteBackup> {
  const [source, target] = [databasePath(path), databasePath(backupPath)];
  const partialPath = `${target}.${globalThis.crypto.randomUUID()}.partial`;
  try {
    const takenAtMs = (options.now ?? Date.now)();
    // SQLite would let others read a file that it creates.
    closeSync(openSync(partialPath, 'wx', 0o600));
    await copy(source, partialPath);
    const frozenJoinTokens = await freeze(partialPath, takenAtMs);
    markAsBackup(partialPath, takenAtMs);
    writeThrough(partialPath, 'r+');
    nameFile(partialPath, target);
    // Windows cannot do this with a folder, and does not need to.
    if (process.platform !== 'win32') writeThrough(dirname(target), 'r');
    return { takenAtMs, frozenJoinTokens };
  } finally {
    for (const file of [partialPath, ...companionsOf(partialPath)]) rmSync(file, { force: true });
  }
}

/** Without a change to the fleet, whichever version wrote it. */
async function copy(path: string, copyPath: string): Promise<void> {
  let main: HeldFile | undefined;
  let database: DatabaseSync | undefined;
  try {
    main = holdFleet(path);
    proveFiles(realpathSync(path), main);
    database = new DatabaseSync(path, { readOnly: true });
    const reading = database;
    const turns = createTurns({ timeoutMs: BUSY_TIMEOUT_MS });
    const version = await readInTurn(turns, () => schemaVersion(reading, migrations.length));
    if (version === 0) throw new FleetStoreError('database-missing', `There is no fleet in ${path}`);
    // One statement, so it reads the fleet as it is at one instant while others write.
    await readInTurn(turns, () => reading.prepare('VACUUM INTO ?').run(copyPath));
  } catch (error) {
    throw isOfTheCopy(error) ? error : openingErrorOf(error, path);
  } finally {
    database?.close();
    main?.release();
  }
}

const BUSY_TIMEOUT_MS = 5000;

function holdFleet(path: string): HeldFile {
  if (!existsSync(path)) throw new FleetStoreError('database-missing', `There is no fleet at ${path}`);
  return holdFile(path);
}

const SQLITE_FULL = 13;

/** The full disk is that of the copy, because the fleet is only read. */
function isOfTheCopy(error: unknown): boolean {
  return primaryCode(error) === SQLITE_FULL;
}

async function freeze(path: string, takenAtMs: number): Promise<JoinTokenRecord[]> {
  const store = openSqliteStore(path);
  try {
    const then = { backupTakenAtMs: takenAtMs, now: () => takenAtMs };
    await freezeAccounts(store.accounts, then);
    await disableRestored(store, await store.webhooks.list(), { atMs: takenAtMs, actor: 'system' });
    return await freezeJoinTokens(store, then);
  } finally {
    store.close();
  }
}

/**
 * A backup of a backup keeps the earlier time. No log that lies where it is restored belongs to it, and nobody who has read the
 * fleet's events continues with those that the copy gets.
 */
function markAsBackup(path: string, takenAtMs: number): void {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = DELETE');
    database.prepare('UPDATE cloudly SET backup_taken_at_ms = coalesce(backup_taken_at_ms, ?)').run(takenAtMs);
    database.exec(newEpoch);
    renewMark(database);
  } finally {
    database.close();
  }
}

/** VACUUM INTO leaves it to the system when the file reaches the disk. */
function writeThrough(path: string, flags: 'r' | 'r+'): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
