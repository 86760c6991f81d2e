import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { handleRefusals, type Refusal } from './refusals.js';
import type { TlsCredentials } from '../tls/tls-credentials.js';
import { type Eviction, trackConnections } from './track-connections.js';

export interface HttpServerOptions {
  /** Answers every request; `incoming` is Node's own view of it. One that it fails to answer gets a 500. */
  fetch: (request: Request, incoming: IncomingMessage) => Response | Promise<Response>;
  /**
   * Answers a request on Node's own messages, which costs less, or returns `undefined` to leave it to `fetch`. Never rejects.
   *
   * @default all are left to `fetch`
   */
  answerDirectly?: ((incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> | undefined) | undefined;
  /** The address to listen on, such as `127.0.0.1`. */
  host: string;
  /** 0 for any free one. */
  port: number;
  /** Absent for plain HTTP. */
  tls?: TlsCredentials | undefined;
  /**
   * Called for connections that could not be accepted, for example because there are too many, and for answers that
   * failed; the server continues.
   */
  onError?: ((error: unknown) => void) | undefined;
  /** The maximum number of connections: one more replaces the slowest. @default 10000 */
  connectionsMax?: number | undefined;
  /** How many of them one address may have. @default a tenth */
  connectionsPerAddressMax?: number | undefined;
  /** Whether the connections of an address belong to many clients and have no limit per address: trusted proxies. @default none */
  isShared?: ((address: string) => boolean) | undefined;
  /** Called for each connection that was closed in favour of another one. */
  onEviction?: ((eviction: Eviction) => void) | undefined;
  /** Called for each request and connection that was rejected before `fetch` was called. */
  onRefusal?: ((refusal: Refusal) => void) | undefined;
  /** How long a connection may stay open without a request. @default 5000 */
  keepAliveMs?: number | undefined;
  /** How long requests in flight may take when the server closes. @default 5000 */
  drainMs?: number | undefined;
  /** How long a client may take for the TLS handshake, and to send its headers. @default 10000 */
  headersTimeoutMs?: number | undefined;
  /** How long a client may take to send its whole request. @default 20000 */
  requestTimeoutMs?: number | undefined;
}

export interface HttpServer {
  /** Such as `http://127.0.0.1:8437`. For a link-local address it lacks the zone, without which it cannot be called. */
  url: string;
  connectionCount(this: void): number;
  /** For new connections; open ones do not change. It has no effect on a server without TLS. */
  replaceCredentials(this: void, tls: TlsCredentials): void;
  /** Accepts no new connections, lets requests in flight finish, and then frees the port. */
  close(this: void): Promise<void>;
}

// A heartbeat takes milliseconds. A client that sends one byte at a time, or nothing, must not keep a connection for
// long.
const defaults = {
  connectionsMax: 10_000,
  keepAliveMs: 5000,
  drainMs: 5000,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
};

/**
 * Serves a web-standard handler over HTTP/1.1.
 *
 * @throws Node's error if the address is not available, such as `EADDRINUSE`.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { fetch, host, port, tls } = options;
  const {
    connectionsMax = defaults.connectionsMax,
    keepAliveMs = defaults.keepAliveMs,
    drainMs = defaults.drainMs,
    headersTimeoutMs = defaults.headersTimeoutMs,
    requestTimeoutMs = defaults.requestTimeoutMs,
    connectionsPerAddressMax = Math.max(1, Math.floor(connectionsMax / 10)),
  } = options;
  const answer = nodeListener(async (request, incoming) => {
    try {
      return await fetch(request, incoming as IncomingMessage);
    } catch (error) {
      options.onError?.(error);
      return new Response(null, { status: 500 });
    }
  });
  const listener: RequestListener = (request, response) => {
    // On closing, a connection that is kept alive becomes idle only after the answer to its request in flight.
    response.once('close', () => {
      connections.answered(request.socket);
      if (!server.listening) server.closeIdleConnections();
    });
    if (!refuseRequest(request, response))
      void (options.answerDirectly?.(request, response) ?? answer(request, response));
  };
  const settings = {
    requireHostHeader: false,
    keepAliveTimeout: keepAliveMs,
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: headersTimeoutMs / 5,
  };
  const secureServer = tls && createSecureServer({ ...settings, ...tls, handshakeTimeout: headersTimeoutMs }, listener);
  const server = secureServer ?? createServer(settings, listener);
  const refuseRequest = handleRefusals(server, options.onRefusal ?? (() => undefined));
  const connections = trackConnections(server, {
    max: connectionsMax,
    perAddressMax: connectionsPerAddressMax,
    isShared: options.isShared ?? (() => false),
    onEviction: options.onEviction ?? (() => undefined),
  });
  await listen(server, host, port);
  server.on('error', (error) => options.onError?.(error));
  return {
    url: urlOf(server, tls ? 'https' : 'http'),
    connectionCount: () => connections.sockets.size,
    replaceCredentials: (credentials) => secureServer?.setSecureContext(credentials),
    close: () => drain(server, connections.sockets, drainMs),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server, scheme: 'http' | 'https'): string {
  const { address, family, port } = server.address() as AddressInfo;
  // A URL has no zone, which is valid on one machine only (https://url.spec.whatwg.org/#concept-host-parser).
  return `${scheme}://${family === 'IPv6' ? `[${address.replace(/%.*$/s, '')}]` : address}:${port}`;
}

function drain(server: Server, connections: ReadonlyMap<Socket, unknown>, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => {
      for (const socket of connections.keys()) socket.destroy();
    }, drainMs);
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
    // To Node, a connection on which nothing has arrived yet is busy.
    for (const socket of connections.keys()) if (socket.bytesRead === 0) socket.destroy();
  });
}
