import { closeSync, constants, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { FleetStore } from '../fleet-store.js';
import { FleetStoreError, isFleetStoreError } from '../fleet-store-error.js';
import { migrate, schemaVersion } from './schema.js';
import { createSqlStore } from './sql-store.js';
import { isBusy, pause } from './busy.js';

/** A fleet in an SQLite file. */
export interface SqliteStore extends FleetStore {
  /** Writes what waits to be written and closes the file; every later operation rejects. Closing twice does nothing. */
  close(): void;
  /** When the backup was taken that this file is (`backUpSqliteFleet`), until `forgetBackup`. Absent in any other file. */
  backupTakenAtMs(): number | undefined;
  /** Makes a restored backup a fleet like any other, once what its restore has undone is seen to. */
  forgetBackup(): void;
}

/** How long an operation waits for another process that writes. */
export const BUSY_TIMEOUT_MS = 5000;
const BUSY_PAUSE_MS = 10;

/**
 * Opens a fleet in an SQLite file (node:sqlite, Node 22.13 or newer), which is made with mode 0600 when there is none. Its
 * directory must exist and be on a local disk; SQLite keeps two more files there. Several processes may have the file
 * open. What an operation has resolved with survives a crash and a power cut.
 *
 * @throws FleetStoreError when the file cannot be used, with the reason in its message.
 */
export const openSqliteStore = (path: string): SqliteStore => {
  if (path === '' || path.startsWith(':')) {
    throw new TypeError('path must name a file; createMemoryStore() keeps a fleet without one');
  }
  let database: DatabaseSync | undefined;
  try {
    // SQLite itself would let others read a file that it makes.
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
    database = new DatabaseSync(path);
    prepareWhenFree(database);
    return closable(database);
  } catch (error) {
    database?.close();
    throw unusable(error, path);
  }
};

/** Why a file cannot be used. */
export const unusable = (error: unknown, path: string): FleetStoreError => {
  if (isFleetStoreError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new FleetStoreError('database-unusable', `The database ${path} cannot be used: ${reason}`, { cause: error });
};

/** SQLite does not wait by itself where two processes turn a new file's write-ahead log on. */
const prepareWhenFree = (database: DatabaseSync): void => {
  const deadlineMs = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      prepare(database);
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadlineMs) throw error;
      pause(BUSY_PAUSE_MS);
    }
  }
};

const prepare = (database: DatabaseSync): void => {
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  // Before anything is changed: the file may be another program's.
  schemaVersion(database);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  migrate(database, () => globalThis.crypto.randomUUID());
};

const closable = (database: DatabaseSync): SqliteStore => {
  const { flush, ...store } = createSqlStore(database);
  let isOpen = true;
  return {
    ...store,
    close() {
      if (!isOpen) return;
      isOpen = false;
      flush();
      database.close();
    },
    backupTakenAtMs() {
      const takenAtMs = database.prepare('SELECT backup_taken_at_ms AS taken_at_ms FROM cloudly').get()?.[
        'taken_at_ms'
      ];
      return typeof takenAtMs === 'number' ? takenAtMs : undefined;
    },
    forgetBackup() {
      database.exec('UPDATE cloudly SET backup_taken_at_ms = NULL');
    },
  };
};
