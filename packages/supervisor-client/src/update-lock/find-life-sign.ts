import { connect, type Socket } from 'node:net';

/** What a unix socket tells about the process that made it. */
export type LifeSign =
  /** The process lives. The connection to it stays open until one side closes it, or that process ends. */
  | { kind: 'alive'; connection: LifeSignConnection }
  /** The process has ended or has stopped listening. Nobody will listen on this socket again. */
  | { kind: 'dead' }
  /** There is no such socket. */
  | { kind: 'missing' }
  /** The system refused to tell: the process may live. */
  | { kind: 'unclear'; error: Error & { code?: string | undefined } };

/** An open connection to a living process. */
export interface LifeSignConnection {
  /** Resolves when the process has ended, or either side has closed the connection. */
  closed: Promise<void>;
  /** Closes the connection. The process notices nothing else. */
  close(): void;
}

/**
 * Tells whether a process listens on a unix socket, as the holder of a lock does for as long as it lives. Never rejects.
 * The caller must close the connection of an `alive` answer.
 *
 * @param path the path of the socket, or an abstract name that starts with a NUL character
 */
export async function findLifeSign(path: string): Promise<LifeSign> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => resolve({ kind: 'alive', connection: connectionOf(socket) }));
    // Stays for as long as the socket: a connection that breaks later must not end this process.
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(readRefusal(error)));
  });
}

function readRefusal(error: NodeJS.ErrnoException): LifeSign {
  if (error.code === 'ECONNREFUSED') return { kind: 'dead' };
  return error.code === 'ENOENT' ? { kind: 'missing' } : { kind: 'unclear', error };
}

function connectionOf(socket: Socket): LifeSignConnection {
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  // What is not read would hide the end of the connection.
  socket.resume();
  return { closed, close: () => void socket.destroy() };
}
