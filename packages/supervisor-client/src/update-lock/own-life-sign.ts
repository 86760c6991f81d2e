import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, unlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { codeOf, isGone } from './update-lock-error.js';

/** The socket that a holder listens on. */
export function socketPath(path: string, id: string): string {
  return `${path}.${id}`;
}

/** The longest path of a unix socket, less the suffix that is added to the lock file's. */
export const longestPathBytes = 103 - 17;

/**
 * A unix socket that a holder listens on for as long as it lives. It ends with the process, however that ends. It also works
 * between containers, where process IDs repeat and clocks jump. It does not keep the process alive.
 */
export class OwnLifeSign {
  readonly id = randomBytes(8).toString('hex');
  readonly #path: string;
  #server: Server | undefined;

  /** @param lockPath the lock file beside which the socket is created */
  constructor(lockPath: string) {
    this.#path = socketPath(lockPath, this.id);
  }

  /** Starts to listen, unless it already does. */
  async live(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((socket) => socket.destroy());
    // Exclusive: in a worker of a cluster, the primary would otherwise listen, and outlive the worker.
    server.listen({ path: this.#path, exclusive: true });
    await once(server, 'listening');
    // A connection that cannot be accepted, for lack of files or memory, must not end the process.
    server.on('error', () => undefined);
    server.unref();
    this.#server = server;
    // Only who may write to a socket may connect to it: a successor under another user must be able to.
    await chmod(this.#path, 0o666);
  }

  async end(): Promise<void> {
    if (this.#server === undefined) return;
    this.#server.close();
    this.#server = undefined;
    await removeFile(this.#path);
  }
}

/** Removes a file, if it exists. A folder in its place is not ours, and stays. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isGone(error) && codeOf(error) !== 'EISDIR') throw error;
  }
}
