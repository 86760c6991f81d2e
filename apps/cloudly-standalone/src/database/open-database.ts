import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FleetStore, FleetStoreError } from '@serve.zone/baseos-cloudly-handlers';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import type { DatabaseLocation } from './database-location.js';

export interface OpenDatabase {
  location: DatabaseLocation;
  store: FleetStore;
  /** When the backup was taken that the data was restored from, until `recover`. Known of SQLite's alone. */
  backupTakenAtMs: number | undefined;
  /** From now on, the data is no longer taken for a backup. */
  forgetBackup: () => Promise<void>;
  /** Resolves once what was begun has ended. Closing twice does nothing. */
  close: () => Promise<void>;
}

interface OpenDatabaseOptions {
  /** Whether to make a fleet where there is none. */
  create: boolean;
}

/**
 * Opens the fleet at a place, whatever keeps it there.
 *
 * @throws FleetStoreError where there is none that can be used; Node's error for a folder that cannot be made.
 */
export async function openDatabase(location: DatabaseLocation, { create }: OpenDatabaseOptions): Promise<OpenDatabase> {
  if (location.kind === 'postgres') {
    // Loaded when it is needed: who keeps a fleet in SQLite has no use for a driver.
    const { openPostgresStore } = await import('@serve.zone/baseos-cloudly-handlers/postgres');
    const store = await openPostgresStore(location.url, { create });
    return {
      location,
      store,
      backupTakenAtMs: undefined,
      forgetBackup: async () => undefined,
      close: () => store.close(),
    };
  }
  const { path } = location;
  if (create) await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  else if (!existsSync(path)) throw new FleetStoreError('database-missing', `There is no data at ${path}`);
  const store = openSqliteStore(path);
  return {
    location,
    store,
    backupTakenAtMs: store.backupTakenAtMs(),
    forgetBackup: () => store.forgetBackup(),
    close: async () => store.close(),
  };
}
