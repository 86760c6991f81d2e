import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { chmod, lstat, readdir, rename, unlink } from 'node:fs/promises';
import type * as Net from 'node:net';
import { dirname, join } from 'node:path';
import { findLifeSign, type LifeSignConnection } from '@serve.zone/balena-supervisor-client/update-lock';
import { errorCode } from '../disk/error-code.js';
import { sleep } from '../ports/clock.js';

/** Held by one agent at a time; a crash of its holder releases it. */
export interface DirectoryLock {
  release(): Promise<void>;
  /** Whether others still see it; a lock disappears when its directory is removed. @default they do */
  isThere?(): Promise<boolean>;
}

export interface LockRequest {
  directory: string;
  signal?: AbortSignal | undefined;
  /**
   * Called once, when another agent holds it; with the path of its lock if this user may not open it, so that it is not
   * known whether an agent holds it.
   */
  onWait?: ((closedLock?: string) => void) | undefined;
}

/**
 * Waits until no other agent holds the directory. Fails if no lock can be created there, or with the signal's reason.
 */
export type LockDirectory = (request: LockRequest) => Promise<DirectoryLock>;

/** Much longer than one attempt, so that two agents that both stepped back seldom collide again. */
export const RETRY_MAX_MS = 200;
/** How often a rival is asked that accepts no connection at the moment. */
const BUSY_RETRY_MS = 1000;
/**
 * How often a rival is asked whose presence cannot be determined, before this directory counts as one without locks.
 */
const UNCLEAR_TRIES = 10;

/**
 * A lock of unix sockets in the directory, so that it holds between containers that share a volume, where process IDs
 * mean nothing (each is 1), and ends with its process, however that ends.
 *
 * Each agent listens on a socket of its own name, and holds the lock if it then sees no other socket with a listener.
 * Of two agents, the later one sees the other one, so they never both hold it; they may both step back, and try again.
 * A socket without a listener belongs to a crashed agent; any agent may remove it, because its name is never used
 * again. (With one name for all, an agent that removes a stale socket may remove the one that a third agent has just
 * made.)
 */
export const lockDirectory: LockDirectory = async ({ directory, signal, onWait }) => {
  let hasWaited = false;
  let unclearTries = 0;
  for (;;) {
    signal?.throwIfAborted();
    // The agent looks for others both before and after it creates its socket, so that waiting agents do not disturb
    // each other.
    const rival = (await findRival(directory)) ?? (await appear(directory));
    if ('release' in rival) return rival;
    unclearTries = rival.unclear ? unclearTries + 1 : 0;
    if (rival.unclear && unclearTries === UNCLEAR_TRIES) throw rival.unclear;
    if (!hasWaited) onWait?.(rival.closedLock);
    hasWaited = true;
    await rival.gone(signal);
    await sleep(Math.random() * RETRY_MAX_MS, signal);
  }
};

/** Another agent that holds the lock or tries to. */
interface Rival {
  /** Why its presence cannot be determined. */
  unclear?: Error | undefined;
  /** Its lock, if this user may not open it: it counts as held until it is removed. */
  closedLock?: string | undefined;
  /** Resolves when it may have released the lock, or when the signal aborts. */
  gone(signal: AbortSignal | undefined): Promise<void>;
}

/** The sockets by which agents hold a directory. */
export const socketNames = /^\.lock-[\da-f]{8}$/;

/** The lock, or who holds it. */
async function appear(directory: string): Promise<DirectoryLock | Rival> {
  await clearLeftovers(directory);
  const id = randomUUID().slice(0, 8);
  const boundPath = join(directory, `.bind-${id}`);
  const path = join(directory, `.lock-${id}`);
  const socket = await listen(boundPath);
  const release = async (): Promise<void> => {
    await unlink(path).catch(() => undefined);
    await socket.close();
  };
  try {
    // A user who may not write to a socket may not connect to it: an agent of another user would never detect this one.
    await chmod(boundPath, 0o666).catch(() => undefined);
    // Between bind and listen a socket refuses connections as a stale one does; so others get to see it only now.
    await rename(boundPath, path);
    const rival = await findRival(directory, path);
    if (!rival) return { release, isThere: async () => isThere(path) };
    await release();
    return rival;
  } catch (error) {
    await release();
    leftovers.add(boundPath);
    await clearLeftovers(directory).catch(() => undefined);
    throw error;
  }
}

/** Sockets that may still exist, although they did not become a lock. */
const leftovers = new Set<string>();

/** Fails if one cannot be removed, as in an append-only directory: each attempt would leave another one. */
async function clearLeftovers(directory: string): Promise<void> {
  for (const path of leftovers) {
    if (dirname(path) !== directory) continue;
    await unlink(path).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
    leftovers.delete(path);
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    // For a lock that cannot be seen, it is not known.
    (error: unknown) => errorCode(error) !== 'ENOENT',
  );
}

async function findRival(directory: string, ownPath?: string): Promise<Rival | undefined> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (!socketNames.test(name) || path === ownPath) continue;
    const answer = await findHolder(path);
    if (answer === 'stale') await unlink(path).catch(() => undefined);
    const gone: Rival['gone'] = async (signal) => sleep(BUSY_RETRY_MS, signal);
    if (answer === 'busy') return { gone };
    if (answer === 'closed') return { closedLock: path, gone };
    if (answer instanceof Error) return { unclear: answer, gone };
    if (typeof answer === 'object') return { gone: async (signal) => untilClosed(answer, signal) };
  }
  return undefined;
}

/** What a socket shows about its holder. With any other error, there may be a holder. */
export type Holder =
  /** There is no longer a listener. */
  | 'stale'
  /** Its queue of connections is full. */
  | 'busy'
  /** Another user created it, and this user may not open it: it is not known whether an agent listens. */
  | 'closed'
  /** It is not a lock, or was removed while the directory was read. */
  | 'none'
  /** An agent listens; the connection ends with that process. */
  | LifeSignConnection
  | Error;

export async function findHolder(path: string): Promise<Holder> {
  const lifeSign = await findLifeSign(path);
  if (lifeSign.kind === 'alive') return lifeSign.connection;
  if (lifeSign.kind === 'dead') return 'stale';
  if (lifeSign.kind === 'missing') return 'none';
  const { error } = lifeSign;
  if (error.code === 'EAGAIN') return 'busy';
  return error.code === 'EACCES' ? isClosed(path, error) : error;
}

/** A socket that this user may not open; or a directory that it may not open, where nothing is known. */
async function isClosed(path: string, refusal: Error): Promise<'closed' | 'none' | Error> {
  try {
    return (await lstat(path)).isSocket() ? 'closed' : 'none';
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'none' : refusal;
  }
}

/** Resolves when the listener has closed the connection or ended, and when the signal aborts. */
export async function untilClosed(connection: LifeSignConnection, signal: AbortSignal | undefined): Promise<void> {
  const close = (): void => connection.close();
  signal?.addEventListener('abort', close);
  if (signal?.aborted === true) close();
  await connection.closed;
  signal?.removeEventListener('abort', close);
}

/** Listens on a socket that keeps no process alive. */
export async function listen(path: string): Promise<{ close(): Promise<void> }> {
  if (Buffer.byteLength(path) > socketPathMaxBytes()) {
    throw Object.assign(new Error('The path is too long for a socket'), { code: 'ENAMETOOLONG' });
  }
  const connections = new Set<Net.Socket>();
  const server = net().createServer((connection) => {
    connections.add(connection);
    connection.unref();
    connection.on('error', () => undefined);
    connection.once('close', () => connections.delete(connection));
    // No data is expected, but unread data would keep a connection whose other end is gone.
    connection.resume();
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(path, resolve);
  });
  // The lock alone does not keep a process alive.
  server.unref();
  return {
    close: async () => {
      for (const connection of connections) connection.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What the system allows, without the NUL at its end. Some runtimes silently truncate a longer one. */
function socketPathMaxBytes(): number {
  return process.platform === 'linux' ? 107 : 103;
}

function net(): typeof Net {
  return process.getBuiltinModule('node:net');
}
