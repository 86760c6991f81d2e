import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HttpBindings } from '@hono/node-server';
import {
  type CloudlyEvent,
  type CloudlyHandlers,
  createCloudlyHandlers,
  createJoinToken,
  type CreatedJoinToken,
  type FleetStore,
  type JoinTokenOptions,
} from '@serve.zone/baseos-cloudly-handlers';
import { openSqliteStore } from '@serve.zone/baseos-cloudly-handlers/sqlite';
import { clientAddressOf } from './http/client-address.js';
import { createApp } from './http/create-app.js';
import { type HttpServer, startHttpServer } from './http/http-server.js';
import { createReadiness } from './http/readiness.js';
import { trustedProxies } from './http/trusted-proxies.js';
import { leaveServerAddress, removeServerAddress, removeStaleServerAddress } from './server-address.js';

export interface StandaloneCloudlyOptions {
  /** The SQLite file; it and its folder are made if they are not there. */
  databasePath: string;
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
  /**
   * Addresses, and networks such as `10.0.0.0/8`, of proxies whose `X-Forwarded-For` says whom a request comes from.
   *
   * @default none: whoever is connected is the client
   */
  trustedProxies?: readonly string[] | undefined;
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
  const { databasePath, host = '127.0.0.1', port = 0, heartbeatIntervalMs, onEvent, onError, now } = options;
  const proxies = trustedProxies(options.trustedProxies ?? []);
  await mkdir(dirname(databasePath), { recursive: true, mode: 0o700 });
  const store = openSqliteStore(databasePath);
  let handlers: CloudlyHandlers | undefined;
  let server: HttpServer | undefined;
  let isClosing = false;
  const shutDown = async (): Promise<void> => {
    isClosing = true;
    await Promise.all([handlers?.drain(), server?.close()]);
    store.close();
    if (server) await removeServerAddress(databasePath, server.url);
  };
  try {
    const cloudlyId = await store.cloudlyId();
    await removeStaleServerAddress(databasePath, cloudlyId);
    handlers = createCloudlyHandlers({
      store,
      cloudlyId,
      heartbeatIntervalMs,
      clientAddress: (request, info) => clientAddressOf(request, info as HttpBindings, proxies),
      // What is cut off by the end looks like a mistake of the node, and is none.
      onEvent: (event) => {
        if (!isClosing || event.kind !== 'request-refused') onEvent?.(event);
      },
      onError,
      now,
    });
    const readiness = createReadiness({ store, isDraining: () => isClosing, onError });
    const app = createApp({ handlers, cloudlyId, readiness });
    server = await startHttpServer({ fetch: app.fetch, host, port, onError });
    await leaveServerAddress(databasePath, server.url);
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
