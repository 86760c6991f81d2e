import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RawServer {
  url: string;
  connectionCount(): number;
  /** Resolves when the client has closed all connections. */
  everyConnectionClosed(): Promise<void>;
}

/** A server on loopback that answers in bytes, once a request is there. It is gone when the test is. */
export async function startRawServer(answer: (socket: Socket) => void): Promise<RawServer> {
  const sockets: Socket[] = [];
  const closings: Promise<void>[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    closings.push(new Promise((resolve) => socket.once('close', () => resolve())));
    // A fault breaks connections; that is no fault of the server.
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connectionCount: () => sockets.length,
    everyConnectionClosed: async () => {
      await Promise.all(closings);
    },
  };
}
