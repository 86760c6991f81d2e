import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { RunnerConfig } from '../config/runner-config.js';
import type { FileSystem } from '../ports/file-system.js';
import { prepareRunDirectory } from '../status/prepare-run-directory.js';
import { defaultRunPaths } from '../status/published-status.js';
import { lockDirectory as lockBySockets, type DirectoryLock, type LockDirectory } from './directory-lock.js';
import { ensureDirectory } from './durable-write.js';
import type { IdentityNotice } from './identity-store.js';
import { lockByName, nameOfDirectory } from './lock-by-name.js';
import { errorCode } from './storage-problem.js';

export interface HoldLockOptions {
  config: Pick<RunnerConfig, 'statePath' | 'runPath'>;
  fileSystem: FileSystem;
  lockDirectory: LockDirectory;
  signal: AbortSignal | undefined;
  /** Called once, when another agent holds it; with its lock, where that is closed to this user. */
  onWait: ((closedLock?: string) => void) | undefined;
}

/**
 * Keeps a second agent out of the state directory: by a lock in it, which holds between containers, and by one of its name,
 * which holds within the container whatever either may do in the directory. Where there is neither, one in the run
 * directory has to do; where that cannot be either, the agent goes on without. A notice says what is not kept out.
 */
export const holdLock = async (
  options: HoldLockOptions,
): Promise<{ lock?: DirectoryLock | undefined; notices: IdentityNotice[] }> => {
  const { config, lockDirectory, signal } = options;
  const stateDirectory = dirname(config.statePath);
  const runPaths = config.runPath === undefined ? defaultRunPaths : [config.runPath];
  const held: DirectoryLock[] = [];
  let reason: string | undefined;
  const hold = async (lock: () => Promise<DirectoryLock>): Promise<void> => {
    try {
      held.push(await lock());
    } catch (error) {
      if (signal?.aborted === true) await releaseAll(held);
      signal?.throwIfAborted();
      reason ??= errorCode(error) ?? (error instanceof Error ? error.message : 'unknown reason');
    }
  };
  await hold(async () => lockIn(stateDirectory, options));
  const isInPlace = held.length > 0;
  // A simulation has no sockets, of whatever kind.
  if (lockDirectory === lockBySockets) await hold(async () => lockName(stateDirectory, options));
  for (const runPath of runPaths) {
    if (held.length === 0) await hold(async () => lockSubstitute(runPath, stateDirectory, options));
  }
  if (held.length === 0) return { notices: [notKeptOut('on the same directory', stateDirectory, reason)] };
  return {
    lock: { release: async () => releaseAll(held) },
    notices: isInPlace ? [] : [notKeptOut('of another container', stateDirectory, reason)],
  };
};

const releaseAll = async (locks: readonly DirectoryLock[]): Promise<void> => {
  for (const lock of locks.toReversed()) await lock.release();
};

/** What an agent says that waits for another one. */
export const waitingFor = (statePath: string, closedLock: string | undefined): string => {
  const directory = dirname(statePath);
  return closedLock === undefined
    ? `Another agent uses ${directory}. This one waits until that one has ended.`
    : `An agent of another user may use ${directory}: its lock ${closedLock} is closed to this user. This one waits until that lock is gone. If no other agent runs, remove it as root: rm ${closedLock}`;
};

const lockIn = async (
  directory: string,
  { fileSystem, lockDirectory, signal, onWait }: HoldLockOptions,
): Promise<DirectoryLock> => {
  await ensureDirectory(fileSystem, directory);
  return lockDirectory({ directory, signal, onWait });
};

/** In a directory of another user, that one could hold the lock for ever, or lead to another one. */
const lockSubstitute = async (
  runPath: string,
  stateDirectory: string,
  options: HoldLockOptions,
): Promise<DirectoryLock> => {
  const directory = substituteIn(runPath, stateDirectory);
  if (options.lockDirectory === lockBySockets) {
    await prepareRunDirectory(runPath);
    await prepareRunDirectory(directory);
  }
  return lockIn(directory, options);
};

const lockName = async (stateDirectory: string, { signal, onWait }: HoldLockOptions): Promise<DirectoryLock> =>
  lockByName({ name: await nameOfDirectory(stateDirectory), signal, onWait: () => onWait?.() });

const substituteIn = (runPath: string, stateDirectory: string): string =>
  join(runPath, `lock-${createHash('sha256').update(stateDirectory).digest('hex').slice(0, 8)}`);

const notKeptOut = (who: string, stateDirectory: string, reason = 'unknown reason'): IdentityNotice => ({
  level: 'warn',
  message: `${stateDirectory} cannot hold a lock (${reason}): a second agent ${who} would not be kept out, and must not be started.`,
});
