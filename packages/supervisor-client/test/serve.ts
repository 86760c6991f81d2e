import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Served {
  address: string;
  server: Server;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An HTTP server on loopback, which ends with all its sockets at the end of the block that holds it. */
export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** An address where nothing listens: the port was free a moment ago. */
export async function refusingAddress(): Promise<string> {
  const served = await serve(() => {});
  await served[Symbol.asyncDispose]();
  return served.address;
}
