import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { readdir, rename, unlink } from 'node:fs/promises';
import type * as Net from 'node:net';
import { join } from 'node:path';
import { errorCode } from './storage-problem.js';

/** Held by one agent at a time; a crash of its holder releases it. */
export interface DirectoryLock {
  release(): Promise<void>;
}

export interface LockRequest {
  directory: string;
  signal?: AbortSignal | undefined;
  /** Called once, when another agent holds it. */
  onWait?: (() => void) | undefined;
}

/** Waits until no other agent holds the directory. Fails where no lock can be made there, or with the signal's reason. */
export type LockDirectory = (request: LockRequest) => Promise<DirectoryLock>;

/** Two that stepped back from each other seldom meet again where this is much longer than a try. */
const RETRY_MAX_MS = 200;
/** How often a rival is asked that takes no connection at the moment. */
const BUSY_RETRY_MS = 1000;
/** How often one is asked that cannot be told to be there or not, before this directory counts as one without locks. */
const UNCLEAR_TRIES = 10;

/**
 * A lock of unix sockets in the directory, so that it holds between containers that share a volume, where process IDs
 * mean nothing (each is 1), and ends with its process, however that ends.
 *
 * Each agent listens on a socket of its own name, and holds the lock if it then sees no other socket that is listened on.
 * Of two, the one that appeared later sees the other one, so never both hold it; they may both step back, and try again.
 * A socket that nobody listens on is a crashed agent's; anybody may remove it, as its name never comes back. (With one
 * name for all, whoever removes a stale socket may remove the one that a third agent has just made.)
 */
export const lockDirectory: LockDirectory = async ({ directory, signal, onWait }) => {
  let hasWaited = false;
  let unclearTries = 0;
  for (;;) {
    signal?.throwIfAborted();
    // Who is there is asked before appearing as well as after, so that those who wait do not disturb each other.
    const rival = (await findRival(directory)) ?? (await appear(directory));
    if ('release' in rival) return rival;
    unclearTries = rival.unclear ? unclearTries + 1 : 0;
    if (rival.unclear && unclearTries === UNCLEAR_TRIES) throw rival.unclear;
    if (!hasWaited) onWait?.();
    hasWaited = true;
    await rival.gone(signal);
    await pause(Math.random() * RETRY_MAX_MS, signal);
  }
};

/** Another agent that holds the lock or tries to. */
interface Rival {
  /** Why it cannot be told whether it is there. */
  unclear?: Error | undefined;
  /** Resolves when it may have let go, and when the signal aborts. */
  gone(signal: AbortSignal | undefined): Promise<void>;
}

/** The sockets by which agents hold a directory. */
export const socketNames = /^\.lock-[\da-f]{8}$/;

/** The lock, or who stands in the way of it. */
const appear = async (directory: string): Promise<DirectoryLock | Rival> => {
  const id = randomUUID().slice(0, 8);
  const boundPath = join(directory, `.bind-${id}`);
  const path = join(directory, `.lock-${id}`);
  const socket = await listen(boundPath);
  const release = async (): Promise<void> => {
    await unlink(path).catch(() => undefined);
    await socket.close();
  };
  try {
    // Between bind and listen a socket refuses connections as a stale one does; so others get to see it only now.
    await rename(boundPath, path);
    const rival = await findRival(directory, path);
    if (!rival) return { release };
    await release();
    return rival;
  } catch (error) {
    await release();
    await unlink(boundPath).catch(() => undefined);
    throw error;
  }
};

const findRival = async (directory: string, ownPath?: string): Promise<Rival | undefined> => {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (!socketNames.test(name) || path === ownPath) continue;
    const answer = await connect(path);
    if (answer === 'stale') await unlink(path).catch(() => undefined);
    if (answer === 'busy') return { gone: async (signal) => pause(BUSY_RETRY_MS, signal) };
    if (answer instanceof Error) return { unclear: answer, gone: async (signal) => pause(BUSY_RETRY_MS, signal) };
    if (typeof answer === 'object') return { gone: async (signal) => closed(answer, signal) };
  }
  return undefined;
};

/** A connection to whoever listens; it ends with that process. */
export const connect = async (path: string): Promise<Net.Socket | 'stale' | 'busy' | 'none' | Error> =>
  new Promise((resolve) => {
    const connection = net().connect(path);
    connection.once('connect', () => resolve(connection));
    connection.on('error', (error) => resolve(meanings[errorCode(error) ?? ''] ?? error));
  });

/** What a refused connection says of whoever made the socket. With any other error somebody may well be there. */
const meanings: Readonly<Record<string, 'stale' | 'busy' | 'none' | undefined>> = {
  ECONNREFUSED: 'stale',
  // It went while the directory was read.
  ENOENT: 'none',
  // An agent of another user left it, which cannot share our files.
  EACCES: 'none',
  // Its queue of connections is full.
  EAGAIN: 'busy',
};

const closed = async (connection: Net.Socket, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      signal?.removeEventListener('abort', end);
      connection.destroy();
      resolve();
    };
    connection.once('close', end);
    connection.resume();
    if (connection.destroyed || signal?.aborted === true) end();
    else signal?.addEventListener('abort', end);
  });

const listen = async (path: string): Promise<{ close(): Promise<void> }> => {
  if (Buffer.byteLength(path) > socketPathMaxBytes()) {
    throw Object.assign(new Error('The path is too long for a socket'), { code: 'ENAMETOOLONG' });
  }
  const connections = new Set<Net.Socket>();
  const server = net().createServer((connection) => {
    connections.add(connection);
    connection.unref();
    connection.on('error', () => undefined);
    connection.once('close', () => connections.delete(connection));
    // Nobody has anything to say here, but what is not read would keep a connection whose other end is gone.
    connection.resume();
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(path, resolve);
  });
  // The lock alone keeps no process alive.
  server.unref();
  return {
    close: async () => {
      for (const connection of connections) connection.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const pause = async (durationMs: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, durationMs);
    if (signal?.aborted === true) end();
    else signal?.addEventListener('abort', end);
  });

/** What the system allows, without the NUL at its end. Some runtimes would cut a longer one short without a word. */
const socketPathMaxBytes = (): number => (process.platform === 'linux' ? 107 : 103);

const net = (): typeof Net => process.getBuiltinModule('node:net');
