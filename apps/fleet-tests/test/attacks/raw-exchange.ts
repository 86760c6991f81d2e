import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  /** 0 if the connection was closed without an answer. */
  status: number;
  /** From the problem document, if there is one. */
  code: string | undefined;
  /** How many answers came: to bytes that hide a second request, one too many. */
  answers: number;
}

/** What goes over the wire in one piece. */
export type Bytes = string | Uint8Array;

/** A list goes over it at once, anything else a piece after the other. */
export type Pieces = Bytes[] | Iterable<Bytes> | AsyncIterable<Bytes>;

/**
 * Sends bytes as they are and resolves with what came back until the server closed the connection, which it is asked to.
 *
 * @param localAddress the address that it comes from
 */
export async function exchangeRaw(url: string, pieces: Pieces, localAddress?: string): Promise<RawAnswer> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), ...(localAddress !== undefined && { localAddress }) });
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  // A sender that is cut off midway still has its answer.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  await once(socket, 'connect');
  // In one write, so that a server that rejects the first half has read the second: otherwise the system drops the answer.
  const all = Array.isArray(pieces) ? [Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)))] : pieces;
  await Promise.race([writeAll(socket, all), closed]);
  await closed;
  return read(Buffer.concat(received).toString());
}

async function writeAll(socket: Socket, pieces: Pieces): Promise<void> {
  for await (const piece of pieces) {
    if (socket.destroyed) return;
    if (!socket.write(piece)) {
      await Promise.race(['drain', 'close'].map((event) => new Promise((resolve) => void socket.once(event, resolve))));
    }
  }
}

function read(text: string): RawAnswer {
  const answers = Array.from(text.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status)).filter(
    (status) => status >= 200,
  );
  const [, code] = /"code":"([\w-]+)"/.exec(text) ?? [];
  return { status: answers[0] ?? 0, code, answers: answers.length };
}
