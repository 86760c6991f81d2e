import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { RunnerConfig } from '../config/runner-config.js';
import type { FileSystem } from '../ports/file-system.js';
import { defaultRunPaths } from '../status/published-status.js';
import type { DirectoryLock, LockDirectory } from './directory-lock.js';
import { ensureDirectory } from './durable-write.js';
import type { IdentityNotice } from './identity-store.js';
import { errorCode } from './storage-problem.js';

export interface HoldLockOptions {
  config: Pick<RunnerConfig, 'statePath' | 'runPath'>;
  fileSystem: FileSystem;
  lockDirectory: LockDirectory;
  signal: AbortSignal | undefined;
  onWait: ((message: string) => void) | undefined;
}

/**
 * Keeps a second agent out of the state directory. Where that can hold no lock, one in the run directory still keeps out
 * those of the same container; where that cannot either, the agent goes on without, and a notice says so.
 */
export const holdLock = async (
  options: HoldLockOptions,
): Promise<{ lock?: DirectoryLock | undefined; notices: IdentityNotice[] }> => {
  const { config, signal } = options;
  const stateDirectory = dirname(config.statePath);
  const runPaths = config.runPath === undefined ? defaultRunPaths : [config.runPath];
  const substitute = `lock-${createHash('sha256').update(stateDirectory).digest('hex').slice(0, 8)}`;
  let reason: string | undefined;
  for (const directory of [stateDirectory, ...runPaths.map((runPath) => join(runPath, substitute))]) {
    try {
      const lock = await lockIn(directory, options);
      return {
        lock,
        notices: reason === undefined ? [] : [notKeptOut('of another container', stateDirectory, reason)],
      };
    } catch (error) {
      signal?.throwIfAborted();
      reason ??= errorCode(error) ?? (error instanceof Error ? error.message : 'unknown reason');
    }
  }
  return { notices: [notKeptOut('on the same directory', stateDirectory, reason ?? 'unknown reason')] };
};

const lockIn = async (
  directory: string,
  { config, fileSystem, lockDirectory, signal, onWait }: HoldLockOptions,
): Promise<DirectoryLock> => {
  await ensureDirectory(fileSystem, directory);
  const message = `Another agent uses ${dirname(config.statePath)}. This one waits until that one has ended.`;
  return lockDirectory({ directory, signal, onWait: () => onWait?.(message) });
};

const notKeptOut = (who: string, stateDirectory: string, reason: string): IdentityNotice => ({
  level: 'warn',
  message: `${stateDirectory} cannot hold a lock (${reason}): a second agent ${who} would not be kept out, and must not be started.`,
});
