import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { RunnerConfig } from '../config/runner-config.js';
import type { FileSystem } from '../ports/file-system.js';
import { prepareRunDirectory } from '../disk/prepare-run-directory.js';
import { defaultRunPaths } from '../config/agent-files.js';
import { lockDirectory as lockBySockets, type DirectoryLock, type LockDirectory } from './directory-lock.js';
import { ensureDirectory } from '../disk/durable-write.js';
import type { IdentityNotice } from '../identity/identity-store.js';
import { lockByName, nameOfDirectory } from './lock-by-name.js';
import { isDirectory } from '../disk/make-directories.js';
import { errorCode } from '../disk/error-code.js';

export interface HoldLockOptions {
  config: Pick<RunnerConfig, 'statePath' | 'runPath'>;
  fileSystem: FileSystem;
  /** The locks of a simulation, which has no sockets. @default the sockets of the system */
  lockDirectory?: LockDirectory | undefined;
  signal: AbortSignal | undefined;
  /** Called once, when another agent holds it; with its lock if this user may not open it. */
  onWait: ((closedLock?: string) => void) | undefined;
}

/** What keeps a second agent out for as long as this one runs. */
export interface HeldLock {
  /** Whether it keeps other agents out. */
  isHeld: boolean;
  /** Whether other containers still see it, if they did before. */
  isThere(): Promise<boolean>;
  /** Takes the lock again if the state directory was recreated. `false`: another agent has it now. */
  regain(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Keeps a second agent out of the state directory: by a lock in the directory, which works between containers, and by a
 * lock on its name, which works within the container regardless of permissions. Without either, it uses a lock in the
 * run directory; without that, the agent continues without a lock. A notice says which agents are not kept out, unless
 * there is no directory yet.
 */
export async function holdLock(options: HoldLockOptions): Promise<{ lock: HeldLock; notices: IdentityNotice[] }> {
  const { config, fileSystem, signal } = options;
  const stateDirectory = dirname(config.statePath);
  const runPaths = config.runPath === undefined ? defaultRunPaths : [config.runPath];
  let held: DirectoryLock[] = [];
  let reason: string | undefined;
  const hold = async (take: () => Promise<DirectoryLock>): Promise<DirectoryLock | undefined> => {
    try {
      const lock = await take();
      held.push(lock);
      return lock;
    } catch (error) {
      if (signal?.aborted === true) await releaseAll(held);
      signal?.throwIfAborted();
      reason ??= errorCode(error) ?? (error instanceof Error ? error.message : 'unknown reason');
      return undefined;
    }
  };
  let inPlace = await hold(async () => lockIn(stateDirectory, options));
  await hold(async () => lockName(stateDirectory, options));
  for (const runPath of runPaths) {
    if (held.length === 0) await hold(async () => lockSubstitute(runPath, stateDirectory, options));
  }

  const isThere = async (): Promise<boolean> => (await inPlace?.isThere?.()) ?? true;
  const regain = async (): Promise<boolean> => {
    if (inPlace && (await isThere())) return true;
    const rival = new AbortController();
    const atOnce = { ...options, signal: rival.signal, onWait: () => rival.abort() };
    try {
      const lock = await lockIn(stateDirectory, atOnce);
      await releaseAll(held);
      held = [lock];
      inPlace = lock;
      held.push(await lockName(stateDirectory, atOnce));
    } catch {
      // A directory without locks is the same as before.
    }
    return !rival.signal.aborted;
  };
  const who = held.length === 0 ? 'on the same directory' : 'of another container';
  const isTold = inPlace !== undefined || !(await isDirectory(fileSystem, stateDirectory));
  return {
    lock: { isHeld: held.length > 0, isThere, regain, release: async () => releaseAll(held) },
    notices: isTold ? [] : [notKeptOut(who, stateDirectory, reason)],
  };
}

async function releaseAll(locks: readonly DirectoryLock[]): Promise<void> {
  for (const lock of locks.toReversed()) await lock.release();
}

/** The message of an agent that waits for another one. */
export function waitingFor(statePath: string, closedLock: string | undefined): string {
  const directory = dirname(statePath);
  return closedLock === undefined
    ? `Another agent uses ${directory}. This one waits until the other has ended.`
    : `An agent of another user may use ${directory}: this user may not open its lock ${closedLock}. This agent waits until that lock is gone. If no other agent runs, remove it as root: rm ${closedLock}`;
}

async function lockIn(
  directory: string,
  { fileSystem, lockDirectory, signal, onWait }: HoldLockOptions,
): Promise<DirectoryLock> {
  await ensureDirectory(fileSystem, directory);
  return (lockDirectory ?? lockBySockets)({ directory, signal, onWait });
}

/** In a directory of another user, that user could hold the lock forever, or redirect it. */
async function lockSubstitute(
  runPath: string,
  stateDirectory: string,
  options: HoldLockOptions,
): Promise<DirectoryLock> {
  const directory = substituteIn(runPath, stateDirectory);
  if (options.lockDirectory === undefined) {
    for (const path of [runPath, directory]) {
      const problem = await prepareRunDirectory(path);
      if (problem) throw new Error(problem.message);
    }
  }
  return lockIn(directory, options);
}

async function lockName(
  stateDirectory: string,
  { lockDirectory, signal, onWait }: HoldLockOptions,
): Promise<DirectoryLock> {
  if (lockDirectory !== undefined) throw new Error('There are no sockets here');
  return lockByName({ name: await nameOfDirectory(stateDirectory), signal, onWait: () => onWait?.() });
}

function substituteIn(runPath: string, stateDirectory: string): string {
  return join(runPath, `lock-${createHash('sha256').update(stateDirectory).digest('hex').slice(0, 8)}`);
}

function notKeptOut(who: string, stateDirectory: string, reason = 'unknown reason'): IdentityNotice {
  return {
    level: 'warn',
    code: 'lock-not-held',
    message: `${stateDirectory} cannot hold a lock (${reason}), so a second agent ${who} would not be kept out.`,
    remedy: 'Do not start a second agent on it.',
  };
}
