import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RoundRobin {
  url: string;
  /** The targets of new connections, in turn. */
  lead: (urls: readonly string[]) => void;
}

/** A proxy that gives each connection to the next one of several servers, byte by byte, until the test ends. */
export async function startRoundRobin(): Promise<RoundRobin> {
  let ports: number[] = [];
  let count = 0;
  const open = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(ports[(count += 1) % ports.length] ?? 0, '127.0.0.1');
    for (const socket of [client, server]) open.add(socket.once('close', () => open.delete(socket)));
    pass(client, server);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    proxy.close();
  });
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    lead: (urls) => void (ports = urls.map((url) => Number(new URL(url).port))),
  };
}

/**
 * A server may answer and hang up while the request still comes. The client gets such an answer whole: nothing is written any
 * more once it begins, and before anything is, what has arrived is read.
 */
function pass(client: Socket, server: Socket): void {
  client.on('error', () => undefined);
  client.on('data', (part) => {
    client.pause();
    setImmediate(() => {
      if (server.writable && server.bytesRead === 0) server.write(part);
      client.resume();
    });
  });
  client.once('close', () => server.destroy());
  server.on('error', () => undefined).pipe(client, { end: false });
  server.once('close', () => client.end());
}
