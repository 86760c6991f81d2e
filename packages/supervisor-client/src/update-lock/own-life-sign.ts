import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, unlink } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { codeOf, isGone } from './update-lock-error.js';

/** Where a holder listens. */
export function socketPath(path: string, id: string): string {
  return `${path}.${id}`;
}

/** What the name of a unix socket may have, less what follows the lock file's. */
export const longestPathBytes = 103 - 17;

/**
 * A unix socket that a holder listens on for as long as it lives. It ends with the process however that ends, and tells
 * the truth across containers, where process IDs repeat and clocks jump. It keeps no process alive.
 */
export class OwnLifeSign {
  readonly id = randomBytes(8).toString('hex');
  readonly #path: string;
  #server: Server | undefined;

  /** @param lockPath the lock file that it stands beside */
  constructor(lockPath: string) {
    this.#path = socketPath(lockPath, this.id);
  }

  /** Begins, if it has not. */
  async live(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((socket) => socket.destroy());
    // Exclusive: in a worker of a cluster it would otherwise be the primary that listens, and outlives the worker.
    server.listen({ path: this.#path, exclusive: true });
    await once(server, 'listening');
    // A connection that cannot be accepted, as when the system has no file or memory left, must not end the process.
    server.on('error', () => undefined);
    server.unref();
    this.#server = server;
    // Whoever may not write to a socket may not connect to it: a successor that runs as another user would never know.
    await chmod(this.#path, 0o666);
  }

  async end(): Promise<void> {
    if (this.#server === undefined) return;
    this.#server.close();
    this.#server = undefined;
    await removeFile(this.#path);
  }
}

/** Removes a file that may be gone already. A folder in its place is nobody's here, and stays. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isGone(error) && codeOf(error) !== 'EISDIR') throw error;
  }
}
