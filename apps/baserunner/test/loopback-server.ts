import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Identity } from './certificate-authority.js';

/** The port of a server that is gone when the test is, its connections with it. */
export async function portOf(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
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
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `${protocol}://127.0.0.1:${port}`;
}
