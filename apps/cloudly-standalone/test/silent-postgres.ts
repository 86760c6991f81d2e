import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { onTestFinished } from 'vitest';

export interface SilentPostgres {
  url: string;
  /** Resolves once somebody is connected and has said something, or at once if that has been so. */
  asked: Promise<unknown>;
  /** Connections that are open now. */
  open: ReadonlySet<Socket>;
  /** Resolves once there are none left. */
  untilAlone: () => Promise<void>;
}

/** Listens in place of PostgreSQL: it sends one of these whenever it receives something, and never closes the connection. */
export async function silentPostgres(...answers: readonly Uint8Array[]): Promise<SilentPostgres> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    // Half open is open.
    socket.once('end', () => socket.destroy());
    socket.once('close', () => {
      open.delete(socket);
      server.emit('gone');
    });
    const left = [...answers];
    socket.on('data', () => {
      server.emit('asked');
      const answer = left.shift();
      if (answer) socket.write(answer);
    });
  });
  const asked = once(server, 'asked');
  const { port, close } = await listenOnLoopback(server);
  onTestFinished(close);
  return {
    url: `postgres://cloudly@127.0.0.1:${port}/fleet`,
    asked,
    open,
    untilAlone: async () => {
      while (open.size > 0) await once(server, 'gone');
    },
  };
}

/** A message of the server (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
export function message(type: string, body: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

/** Asks for a password by SCRAM, and then for its proof. */
export const asksForPassword = [
  message('R', Buffer.from('\0\0\0\nSCRAM-SHA-256\0\0', 'latin1')),
  message('R', Buffer.from('\0\0\0\vr=nonce,s=c2FsdA==,i=4096', 'latin1')),
];

/** Refuses with this state. */
export function refusal(sqlState: string, text: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${text}\0\0`));
}
