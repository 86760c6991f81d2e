import {
  createJoinToken,
  type CreatedJoinToken,
  type StoreWithAccounts,
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
import { type WebhookOptions, webhookServices } from '../webhook-sending/webhook-services.js';
import { within } from '../time/within.js';

export interface StandaloneCloudlyOptions extends ServeFleetOptions, WebhookOptions {
  /** The SQLite file; it and its folder are created if they do not exist. This, or `databaseUrl`. */
  databasePath?: string | undefined;
  /** PostgreSQL, as in `postgres://user@host/database`; any number of servers may use it. */
  databaseUrl?: string | undefined;
  /** How much history of each node is kept. @default a day in slots of five minutes, 90 days in hours */
  history?: HistoryOptions | undefined;
}

export interface StandaloneCloudly extends FleetService {
  store: StoreWithAccounts;
  /**
   * When the backup was taken from which the data was restored, unless `recover` was run since. Known only for SQLite.
   */
  backupTakenAtMs: number | undefined;
  /** Creates a join token for `BASEOS_JOIN_TOKEN`. @default one use within 24 hours */
  createJoinToken: (
    options?: Pick<JoinTokenOptions, 'uses' | 'expiresInMs' | 'requiresApproval' | 'maxPending'>,
  ) => Promise<CreatedJoinToken>;
  /** Answers requests in flight, then frees port and database. Everything acknowledged is stored. */
  close: () => Promise<void>;
}

/** By default, containers are killed ten seconds after they are asked to end. */
const ENDING_MAX_MS = 7000;

/**
 * A Cloudly that answers register and heartbeat on a socket, with its fleet in a SQLite file or in PostgreSQL.
 *
 * @throws Node's error if the address or the folder is not available; `FleetStoreError` if the database does not contain a fleet; `DataInUseError` if another server uses that file; TypeError for options that name no database, or two, or are
 * out of their bounds.
 */
export async function startStandaloneCloudly(options: StandaloneCloudlyOptions): Promise<StandaloneCloudly> {
  const { onError, now, history } = options;
  const location = locationOf(options);
  const lock = location.kind === 'sqlite' ? await lockOf(location.path) : undefined;
  const { store, backupTakenAtMs, close } = await openOrUnlock(location, history, lock);
  // A SQLite file has one server. Commands beside it read its address from a file.
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
    // If the database has not closed, the end of the process releases it.
    if (hasEnded) lock?.release();
  };
  try {
    const cloudlyId = await store.cloudlyId();
    if (addressed !== undefined) await removeStaleServerAddress(addressed, cloudlyId);
    service = await serveFleet(store, cloudlyId, { webhooks: webhookServices(location, options), ...options });
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
