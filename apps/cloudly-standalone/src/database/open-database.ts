import type { HistoryOptions, StoreWithAccounts } from '@serve.zone/baseos-cloudly-handlers';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import type { DatabaseLocation } from './database-location.js';

export interface OpenDatabase {
  location: DatabaseLocation;
  store: StoreWithAccounts;
  /** When the backup was taken from which the data was restored, until `recover`. Known only for SQLite. */
  backupTakenAtMs: number | undefined;
  /** From now on, the data no longer counts as a backup. */
  forgetBackup: () => Promise<void>;
  /** Resolves once all operations have ended. Closing twice has no effect. */
  close: () => Promise<void>;
}

/**
 * What a program will do with a fleet:
 *
 * - `serve`: creates it if there is none, and migrates one of an older version.
 * - `change`: changes an existing fleet.
 * - `read`: changes nothing.
 */
export type FleetUse = 'serve' | 'change' | 'read';

export interface OpenDatabaseOptions {
  use: FleetUse;
  history?: HistoryOptions | undefined;
}

/**
 * Opens the fleet at a place, in SQLite or PostgreSQL. The folder of a file must exist.
 *
 * @throws FleetStoreError if there is no usable fleet.
 */
export async function openDatabase(
  location: DatabaseLocation,
  { use, history }: OpenDatabaseOptions,
): Promise<OpenDatabase> {
  const create = use === 'serve';
  if (location.kind === 'postgres') {
    // Loaded when it is needed: a fleet in SQLite needs no driver.
    const { openPostgresStore } = await import('@serve.zone/baseos-cloudly-handlers/postgres');
    const store = await openPostgresStore(location.url, { create, history });
    return {
      location,
      store,
      backupTakenAtMs: undefined,
      forgetBackup: async () => undefined,
      close: () => store.close(),
    };
  }
  const store = openSqliteStore(location.path, { create, readOnly: use === 'read', history });
  return {
    location,
    store,
    backupTakenAtMs: store.backupTakenAtMs(),
    forgetBackup: () => store.forgetBackup(),
    close: async () => store.close(),
  };
}
