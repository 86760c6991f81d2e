import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import type { OddRequest } from './battery.js';

/** Where a listener is reached. */
export type Place =
  | { kind: 'tcp'; port: number; isSecure?: boolean | undefined }
  /** Of unix. */
  | { kind: 'socket'; path: string };

/** How long a listener may leave a connection open whose other end has said all. */
const PATIENCE_MS = 10_000;

/**
 * Sends it on a connection of its own, and gives all that came back. Rejects where the listener keeps a connection that its
 * other end has left.
 */
export async function sendOddRequest(place: Place, { name, pieces, leaves = 'end' }: OddRequest): Promise<string> {
  const socket = openConnection(place);
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  const closed = once(socket, 'close').catch(() => undefined);
  let isKept = false;
  const patience = setTimeout(() => {
    isKept = true;
    socket.destroy();
  }, PATIENCE_MS);
  try {
    await Promise.race([once(socket, 'secure' in socket ? 'secureConnect' : 'connect').catch(() => undefined), closed]);
    for (const piece of pieces) await write(socket, piece);
    if (leaves === 'end') socket.end();
    // A listener may cut off who has said all before its answer is there.
    else if (leaves !== 'waits') leave(socket, place);
    await closed;
    if (isKept) throw new Error(`The listener kept the connection of ${name} after "${received}"`);
    return received;
  } finally {
    clearTimeout(patience);
    socket.destroy();
  }
}

/** Errors are not told: a listener cuts off in many ways. */
export function openConnection(place: Place): Socket {
  const socket = place.kind === 'socket' ? connect(place.path) : openTcp(place);
  return socket.on('error', () => undefined);
}

function openTcp({ port, isSecure }: { port: number; isSecure?: boolean | undefined }): Socket {
  if (isSecure !== true) return connect(port, '127.0.0.1');
  // It is not about whom one speaks to here.
  return connectSecurely({ port, host: '127.0.0.1', rejectUnauthorized: false });
}

function write(socket: Socket, piece: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.write(piece, () => resolve());
    socket.once('close', () => resolve());
  });
}

function leave(socket: Socket, place: Place): void {
  // A unix socket knows no reset, and within TLS there is none.
  if (place.kind === 'tcp' && place.isSecure !== true) socket.resetAndDestroy();
  else socket.destroy();
}
