import {
  type CloudlyEvent,
  createCloudlyHandlers,
  createJoinToken,
  type CreatedJoinToken,
  type FleetStore,
  type JoinTokenOptions,
} from '@serve.zone/baseos-cloudly-handlers';
import { Hono } from 'hono';
import type { DatabaseLocation } from './database/database-location.js';
import { openDatabase } from './database/open-database.js';
import { type HttpServer, startHttpServer } from './http-server.js';
import { leaveServerAddress, removeServerAddress, removeStaleServerAddress } from './server-address.js';

export interface StandaloneCloudlyOptions {
  /** The SQLite file; it and its folder are made if they are not there. This, or `databaseUrl`. */
  databasePath?: string | undefined;
  /** PostgreSQL, as in `postgres://user@host/database`; any number of servers may have it. */
  databaseUrl?: string | undefined;
  /** @default '127.0.0.1' */
  host?: string | undefined;
  /** @default 0, any free one */
  port?: number | undefined;
  /**
   * The pace given to every node, 5 s to 1 h.
   *
   * @default none: each node keeps its own
   */
  heartbeatIntervalMs?: number | undefined;
  /** Told what was done with each request; not of those that are refused while it closes. */
  onEvent?: ((event: CloudlyEvent) => void) | undefined;
  /** Told why a request was answered with 503, or a connection not at all. */
  onError?: ((error: unknown) => void) | undefined;
  /** Milliseconds since 1970. @default Date.now */
  now?: (() => number) | undefined;
}

export interface StandaloneCloudly {
  /** For `BASEOS_CLOUDLY_URL`, such as `http://127.0.0.1:8437`. */
  url: string;
  store: FleetStore;
  /** Makes a join token for `BASEOS_JOIN_TOKEN`. @default one use within 24 hours */
  createJoinToken: (
    options?: Pick<JoinTokenOptions, 'uses' | 'expiresInMs' | 'requiresApproval'>,
  ) => Promise<CreatedJoinToken>;
  /** Answers what is in flight, then frees port and database. What was acknowledged is there. */
  close: () => Promise<void>;
}

/**
 * A Cloudly that answers register and heartbeat on a socket, with its fleet in a SQLite file or in PostgreSQL.
 *
 * @throws Node's error where the address or the folder cannot be had; `FleetStoreError` where the database is not a fleet's;
 * `DataInUseError` where another server on that file answers; TypeError for options that name no database, or two.
 */
export async function startStandaloneCloudly(options: StandaloneCloudlyOptions): Promise<StandaloneCloudly> {
  const { host = '127.0.0.1', port = 0, heartbeatIntervalMs, onEvent, onError, now } = options;
  const location = locationOf(options);
  const { store, close } = await openDatabase(location, { create: true });
  // A SQLite file has one server. Commands beside it learn from a file where that is.
  const addressed = location.kind === 'sqlite' ? location.path : undefined;
  let server: HttpServer | undefined;
  let isClosing = false;
  const shutDown = async (): Promise<void> => {
    isClosing = true;
    await server?.close();
    await close();
    if (server && addressed !== undefined) await removeServerAddress(addressed, server.url);
  };
  try {
    const cloudlyId = await store.cloudlyId();
    if (addressed !== undefined) await removeStaleServerAddress(addressed, cloudlyId);
    const handlers = createCloudlyHandlers({
      store,
      cloudlyId,
      heartbeatIntervalMs,
      // What is cut off by the end looks like a mistake of the node, and is none.
      onEvent: (event) => {
        if (!isClosing || event.kind !== 'request-refused') onEvent?.(event);
      },
      onError,
      now,
    });
    const app = new Hono()
      .get('/healthz', (context) => context.json({ status: 'ok', cloudlyId }))
      .all('*', (context) => handlers.fetch(context.req.raw));
    server = await startHttpServer({ fetch: app.fetch, host, port, onError });
    if (addressed !== undefined) await leaveServerAddress(addressed, server.url);
  } catch (error) {
    await shutDown();
    throw error;
  }
  let closed: Promise<void> | undefined;
  return {
    url: server.url,
    store,
    createJoinToken: (joinTokenOptions) => createJoinToken(store, { ...joinTokenOptions, now }),
    close: () => (closed ??= shutDown()),
  };
}

function locationOf({ databasePath, databaseUrl }: StandaloneCloudlyOptions): DatabaseLocation {
  if (databasePath !== undefined && databaseUrl === undefined) return { kind: 'sqlite', path: databasePath };
  if (databaseUrl !== undefined && databasePath === undefined) return { kind: 'postgres', url: databaseUrl };
  throw new TypeError('Give databasePath or databaseUrl, one of them');
}
