import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { findHolder, listen, RETRY_MAX_MS, untilClosed, type DirectoryLock } from './directory-lock.js';
import { errorCode } from '../disk/error-code.js';
import { sleep } from '../ports/clock.js';

export interface NamedLockRequest {
  name: string;
  signal?: AbortSignal | undefined;
  /** Called once, when another agent holds it. */
  onWait?: (() => void) | undefined;
}

/** Waits until no other process of this container holds the name. Fails where there are no such locks. */
export type LockByName = (request: NamedLockRequest) => Promise<DirectoryLock>;

/**
 * A lock that needs no file: an abstract unix socket (unix(7)). The system keeps its name unique within a network
 * namespace, whatever user asks and whatever directories that user may write, and frees it when its process ends.
 */
export const lockByName: LockByName = async ({ name, signal, onWait }) => {
  const path = socketOfName(name);
  if (path === undefined) throw Object.assign(new Error('There are no abstract sockets here'), { code: 'ENOTSUP' });
  for (let hasWaited = false; ; hasWaited = true) {
    signal?.throwIfAborted();
    try {
      const socket = await listen(path);
      return { release: async () => socket.close() };
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE') throw error;
    }
    if (!hasWaited) onWait?.();
    const holder = await findHolder(path);
    if (typeof holder === 'object' && !(holder instanceof Error)) await untilClosed(holder, signal);
    await sleep(Math.random() * RETRY_MAX_MS, signal);
  }
};

/** The address of the holder. On other systems it would be a file name, or be cut at its first byte. */
export function socketOfName(name: string): string | undefined {
  return process.platform === 'linux' && !('Deno' in globalThis) && !('Bun' in globalThis) ? `\0${name}` : undefined;
}

/** The same for every path to a directory. A missing directory is identified by its path. */
export async function nameOfDirectory(directory: string): Promise<string> {
  const what = await stat(directory, { bigint: true }).then(
    ({ dev, ino }) => `${dev}:${ino}`,
    () => directory,
  );
  return `baseos-lock-${createHash('sha256').update(what).digest('hex').slice(0, 32)}`;
}
