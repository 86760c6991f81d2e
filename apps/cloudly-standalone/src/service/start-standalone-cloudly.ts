import {
  createJoinToken,
  type CreatedJoinToken,
  type FleetStore,
  type HistoryOptions,
  type JoinTokenOptions,
} from '@serve.zone/baseos-cloudly-handlers';
import type { DatabaseLocation } from '../database/database-location.js';
import { type DataLock, lockData } from '../single-server/data-lock.js';
import { type OpenDatabase, openDatabase } from '../database/open-database.js';
import { type FleetService, serveFleet, type ServeFleetOptions } from './serve-fleet.js';
import {
  DataInUseError,
  leaveServerAddress,
  readServerAddress,
  removeServerAddress,
  removeStaleServerAddress,
} from '../single-server/server-address.js';
import { within } from '../time/within.js';

export interface StandaloneCloudlyOptions extends ServeFleetOptions {
  /** The SQLite file; it and its folder are made if they are not there. This, or `databaseUrl`. */
  databasePath?: string | undefined;
  /** PostgreSQL, as in `postgres://user@host/database`; any number of servers may have it. */
  databaseUrl?: string | undefined;
  /** How much history of each node is kept. @default a day in slots of five minutes, 90 days in hours */
  history?: HistoryOptions | undefined;
}

export interface StandaloneCloudly extends FleetService {
  store: FleetStore;
  /** When the backup was taken that the data was restored from, unless `recover` was run since. Known of SQLite's alone. */
  backupTakenAtMs: number | undefined;
  /** Makes a join token for `BASEOS_JOIN_TOKEN`. @default one use within 24 hours */
  createJoinToken: (
    options?: Pick<JoinTokenOptions, 'uses' | 'expiresInMs' | 'requiresApproval' | 'maxPending'>,
  ) => Promise<CreatedJoinToken>;
  /** Answers what is in flight, then frees port and database. What was acknowledged is there. */
  close: () => Promise<void>;
}

/** Containers are killed ten seconds after they are told to end, unless somebody says otherwise. */
const ENDING_MAX_MS = 7000;

/**
 * A Cloudly that answers register and heartbeat on a socket, with its fleet in a SQLite file or in PostgreSQL.
 *
 * @throws Node's error where the address or the folder cannot be had; `FleetStoreError` where the database is not a fleet's;
 * `DataInUseError` where another server has that file; TypeError for options that name no database, or two, or are
 * out of their bounds.
 */
export async function startStandaloneCloudly(options: StandaloneCloudlyOptions): Promise<StandaloneCloudly> {
  const { onError, now, history } = options;
  const location = locationOf(options);
  const lock = location.kind === 'sqlite' ? await lockOf(location.path) : undefined;
  const { store, backupTakenAtMs, close } = await openOrUnlock(location, history, lock);
  // A SQLite file has one server. Commands beside it learn from a file where that is.
  const addressed = location.kind === 'sqlite' ? location.path : undefined;
  let service: FleetService | undefined;
  const end = async (): Promise<boolean> => {
    await service?.close();
    await close();
    return true;
  };
  const shutDown = async (): Promise<void> => {
    const hasEnded = await within(ENDING_MAX_MS, end(), false);
    if (!hasEnded) onError?.(new Error(`The database did not close within ${ENDING_MAX_MS / 1000} s`));
    if (service && addressed !== undefined) await removeServerAddress(addressed, service.url);
    // The process itself lets go of it where the database has not come to an end.
    if (hasEnded) lock?.release();
  };
  try {
    const cloudlyId = await store.cloudlyId();
    if (addressed !== undefined) await removeStaleServerAddress(addressed, cloudlyId);
    service = await serveFleet(store, cloudlyId, options);
    if (addressed !== undefined) await leaveServerAddress(addressed, service.url);
  } catch (error) {
    await shutDown();
    throw error;
  }
  let closed: Promise<void> | undefined;
  return {
    ...service,
    store,
    backupTakenAtMs,
    createJoinToken: (joinTokenOptions) => createJoinToken(store, { ...joinTokenOptions, now }),
    close: () => (closed ??= shutDown()),
  };
}

async function lockOf(databasePath: string): Promise<DataLock> {
  const lock = await lockData(databasePath);
  if (lock) return lock;
  throw new DataInUseError(await readServerAddress(databasePath));
}

async function openOrUnlock(
  location: DatabaseLocation,
  history: HistoryOptions | undefined,
  lock: DataLock | undefined,
): Promise<OpenDatabase> {
  try {
    return await openDatabase(location, { use: 'serve', history });
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function locationOf({ databasePath, databaseUrl }: StandaloneCloudlyOptions): DatabaseLocation {
  if (databasePath !== undefined && databaseUrl === undefined) return { kind: 'sqlite', path: databasePath };
  if (databaseUrl !== undefined && databasePath === undefined) return { kind: 'postgres', url: databaseUrl };
  throw new TypeError('Give either databasePath or databaseUrl');
}
