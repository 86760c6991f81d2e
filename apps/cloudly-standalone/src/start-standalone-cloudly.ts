import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  createJoinToken,
  type CreatedJoinToken,
  type FleetStore,
  type JoinTokenOptions,
} from '@serve.zone/baseos-cloudly-handlers';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { type FleetService, serveFleet, type ServeFleetOptions } from './http/serve-fleet.js';
import { leaveServerAddress, removeServerAddress, removeStaleServerAddress } from './server-address.js';

export interface StandaloneCloudlyOptions extends ServeFleetOptions {
  /** The SQLite file; it and its folder are made if they are not there. */
  databasePath: string;
}

export interface StandaloneCloudly extends FleetService {
  store: FleetStore;
  /** Makes a join token for `BASEOS_JOIN_TOKEN`. @default one use within 24 hours */
  createJoinToken: (
    options?: Pick<JoinTokenOptions, 'uses' | 'expiresInMs' | 'requiresApproval' | 'maxPending'>,
  ) => Promise<CreatedJoinToken>;
  /** Answers what is in flight, then frees port and file. What was acknowledged is in the file. */
  close: () => Promise<void>;
}

/**
 * A Cloudly that answers register and heartbeat on a socket, with its fleet in a SQLite file.
 *
 * @throws Node's error where the address or the folder cannot be had; `FleetStoreError` where the file is not a fleet's;
 * `DataInUseError` where another server on that file answers; `TypeError` for an option out of its bounds.
 */
export async function startStandaloneCloudly(options: StandaloneCloudlyOptions): Promise<StandaloneCloudly> {
  const { databasePath, now } = options;
  await mkdir(dirname(databasePath), { recursive: true, mode: 0o700 });
  const store = openSqliteStore(databasePath);
  let service: FleetService | undefined;
  const shutDown = async (): Promise<void> => {
    await service?.close();
    store.close();
    if (service) await removeServerAddress(databasePath, service.url);
  };
  try {
    const cloudlyId = await store.cloudlyId();
    await removeStaleServerAddress(databasePath, cloudlyId);
    service = await serveFleet(store, cloudlyId, options);
    await leaveServerAddress(databasePath, service.url);
  } catch (error) {
    await shutDown();
    throw error;
  }
  let closed: Promise<void> | undefined;
  return {
    ...service,
    store,
    createJoinToken: (joinTokenOptions) => createJoinToken(store, { ...joinTokenOptions, now }),
    close: () => (closed ??= shutDown()),
  };
}
