import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

export interface HttpServerOptions {
  /** Answers every request. */
  fetch: (request: Request) => Response | Promise<Response>;
  /** The address to listen on, such as `127.0.0.1`. */
  host: string;
  /** 0 for any free one. */
  port: number;
  /** Told of connections that could not be accepted, as when there are too many; the server goes on. */
  onError?: ((error: Error) => void) | undefined;
  /** How long requests in flight may take when the server closes. @default 5000 */
  drainMs?: number;
  /** How long a client may take to send its headers. @default 10000 */
  headersTimeoutMs?: number;
  /** How long a client may take to send its whole request. @default 20000 */
  requestTimeoutMs?: number;
}

export interface HttpServer {
  /** Such as `http://127.0.0.1:8437`. */
  url: string;
  /** Takes no new connections, lets requests in flight finish, and then frees the port. */
  close(): Promise<void>;
}

// A heartbeat takes milliseconds. Who sends it a byte at a time, or not at all, must not hold connections for long.
const defaults = { drainMs: 5000, headersTimeoutMs: 10_000, requestTimeoutMs: 20_000 };

/**
 * Serves a web-standard handler over HTTP/1.1.
 *
 * @throws Node's error where the address cannot be had, such as `EADDRINUSE`.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { fetch, host, port, drainMs, headersTimeoutMs, requestTimeoutMs } = { ...defaults, ...options };
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false });
  const timeouts = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: headersTimeoutMs / 5,
  };
  const server = createServer(timeouts, (request, response) => {
    // On closing, a connection that is kept alive becomes idle only after the answer to its request in flight.
    response.once('close', () => {
      if (!server.listening) server.closeIdleConnections();
    });
    void listener(request, response);
  });
  await listen(server, host, port);
  server.on('error', (error) => options.onError?.(error));
  return { url: urlOf(server), close: () => drain(server, drainMs) };
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

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function drain(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
  });
}
