import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
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
  const proxy = createServer((client) => {
    const server = connect(ports[(count += 1) % ports.length] ?? 0, '127.0.0.1');
    pass(client, server);
  });
  const { port, close } = await listenOnLoopback(proxy);
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${port}`,
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
