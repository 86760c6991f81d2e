import { accessSync, constants, realpathSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { FleetStoreError } from '../../fleet/fleet-store-error.js';
import { type HistoryOptions, resolveHistory } from '../../fleet/history.js';
import { requireCurrentSchema } from '../records/schema-version.js';
import { createDatabase } from './database.js';
import { isBusy, pause } from './driver/busy.js';
import { openingErrorOf, stopOtherWriter } from './driver/sqlite-error.js';
import { databasePath } from './files/database-path.js';
import { createFileWatch } from './files/file-watch.js';
import { type HeldFile, holdFile } from './files/held-file.js';
import { proveFiles } from './files/prove-files.js';
import { migrations } from './migrations.js';
import { readingDatabase } from './reading-database.js';
import { knownVersion, migrate, schemaVersion } from './schema.js';
import { createSqliteStore, type SqliteStore } from './sqlite-store.js';

export interface SqliteStoreOptions {
  /**
   * Whether to create a fleet if there is none, and to upgrade one of an older version. With `false` these are the errors
   * `database-missing` and `database-older`: for a program that works beside the server.
   *
   * @default true
   */
  create?: boolean | undefined;
  /**
   * Opens the fleet read-only. Operations that would change it reject. Implies `create: false`.
   *
   * @default false
   */
  readOnly?: boolean | undefined;
  /**
   * How long an operation waits for another process that holds the database, in milliseconds. Other work continues
   * meanwhile; only opening the fleet blocks the thread.
   *
   * @default 5 seconds
   */
  busyTimeoutMs?: number | undefined;
  /** How much history of each node is kept. @default a day in slots of five minutes, 90 days in hours */
  history?: HistoryOptions | undefined;
}

const defaults = { create: true, readOnly: false, busyTimeoutMs: 5000 } as const;
const BUSY_PAUSE_MS = 10;

/**
 * Opens a fleet in an SQLite file (node:sqlite, Node 22.13 or newer). The file is created with mode 0600 if there is none. Its
 * directory must exist and be on a local disk. The store keeps a few more files there, which belong to it. Several processes
 * may have the file open. What an operation has resolved with survives a crash and a power cut.
 *
 * The store proves that the files belong together before it opens them and with every change. If a file was replaced, deleted
 * or overwritten, operations reject with `database-files-mixed` until the files are put back.
 *
 * @throws FleetStoreError if the file cannot be used, with the reason in its message.
 * @throws TypeError for an invalid option.
 */
export function openSqliteStore(path: string, options: SqliteStoreOptions = {}): SqliteStore {
  return openWithMigrations(path, options, migrations);
}

/** The same, with the schema that these migrations lead to. */
export function openWithMigrations(
  path: string,
  options: SqliteStoreOptions,
  migrationsToSchema: readonly string[],
): SqliteStore {
  const { busyTimeoutMs = defaults.busyTimeoutMs, readOnly = defaults.readOnly, history } = options;
  const create = (options.create ?? defaults.create) && !readOnly;
  const file = databasePath(path);
  const historyKept = resolveHistory(history);
  let main: HeldFile | undefined;
  const opened: DatabaseSync[] = [];
  const connect = (place: string, isReadOnly: boolean): DatabaseSync => {
    const connection = new DatabaseSync(place, { readOnly: isReadOnly });
    opened.push(connection);
    return connection;
  };
  try {
    main = holdFleet(file, { create, readOnly });
    const place = realpathSync(file);
    const facts = proveFiles(place, main);
    const current = migrationsToSchema.length;
    const judge = (found: number): void => {
      const places = { database: file, place: `${file}, which is empty` };
      if (!create) requireCurrentSchema({ found, current }, places);
    };
    // SQLite leaves files beside every database that it opens.
    if (facts) judge(knownVersion(facts, current));
    const guard = connect(place, true);
    whenFree(busyTimeoutMs, () => judge(schemaVersion(guard, current)));
    if (readOnly) return createSqliteStore(readingDatabase(guard, main, busyTimeoutMs), historyKept);
    const connection = connect(place, false);
    whenFree(busyTimeoutMs, () => prepareFile(connection, migrationsToSchema));
    // From here on the guard has its share of the lock that only the last connection gets whole.
    guard.prepare('SELECT 1 FROM cloudly').get();
    const watch = createFileWatch(place, main, connection);
    return createSqliteStore(createDatabase({ path: place, connection, guard, watch, busyTimeoutMs }), historyKept);
  } catch (error) {
    for (const connection of opened.toReversed()) connection.close();
    main?.release();
    throw openingErrorOf(error, file);
  }
}

function holdFleet(path: string, { create, readOnly }: { create: boolean; readOnly: boolean }): HeldFile {
  try {
    const main = holdFile(path, { create });
    // SQLite would open it read-only, without an error.
    if (!readOnly) accessSync(path, constants.R_OK | constants.W_OK);
    return main;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || create) throw error;
    throw new FleetStoreError('database-missing', `There is no fleet at ${path}`);
  }
}

/** SQLite does not wait when two processes turn on the write-ahead log of a new file. */
function whenFree(timeoutMs: number, work: () => void): void {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > deadlineMs) {
        throw new FleetStoreError('contention', 'Another process holds the database', {
          cause: error,
          remedy: stopOtherWriter,
        });
      }
      pause(Math.min(BUSY_PAUSE_MS, timeoutMs));
    }
  }
}

function prepareFile(connection: DatabaseSync, migrationsToSchema: readonly string[]): void {
  // The store itself waits, and writes the log back.
  connection.exec('PRAGMA busy_timeout = 0; PRAGMA wal_autocheckpoint = 0');
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  // From here on the file itself has the mark that its next log is known by.
  if (migrate(connection, migrationsToSchema)) connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  connection.prepare('SELECT 1 FROM cloudly').get();
}
