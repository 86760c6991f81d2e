import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server } from 'node:net';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { onTestFinished } from 'vitest';
import type { Identity } from './certificate-authority.js';

/** The port of a server that is gone when the test is, its connections with it. */
export async function portOf(server: Server): Promise<number> {
  const { port, close } = await listenOnLoopback(server);
  onTestFinished(close);
  return port;
}

/** Answers as `listener` does, over TLS if it gets an identity. */
export async function serveHttp(listener: RequestListener, identity?: Identity): Promise<string> {
  const server = identity ? createHttpsServer(identity, listener) : createHttpServer(listener);
  return `${identity ? 'https' : 'http'}://127.0.0.1:${await portOf(server)}`;
}

/** Takes connections and never says a word. */
export async function serveSilently(protocol = 'https'): Promise<string> {
  return `${protocol}://127.0.0.1:${await portOf(createTcpServer((socket) => void socket.resume()))}`;
}

/** An address where nothing listens. */
export async function closedPort(protocol = 'https'): Promise<string> {
  const { port, close } = await listenOnLoopback(createTcpServer());
  await close();
  return `${protocol}://127.0.0.1:${port}`;
}
