import type { RunnerConfig } from '../config/runner-config.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Randomness } from '../ports/randomness.js';
import { BaseRunnerError } from '../runner-error.js';
import type { LockDirectory } from './directory-lock.js';
import type { IdentityStore } from './identity-store.js';

export interface OpenIdentityOptions {
  config: RunnerConfig;
  /** @default the file system of the machine */
  fileSystem?: FileSystem | undefined;
  /** @default the machine's */
  randomness?: Randomness | undefined;
  /** Keeps a second agent out. @default a socket in the state directory */
  lockDirectory?: LockDirectory | undefined;
  /** Ends the wait for another agent; the promise is then rejected with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called once, with a sentence for the log, when another agent holds the state directory. */
  onWait?: ((message: string) => void) | undefined;
}

/**
 * The identity of this node: the stored one, or a new one that is stored before this resolves. It does not fail because
 * of what the disk holds or refuses: see `durable` and `notices` of the store.
 *
 * @throws {BaseRunnerError} `invalid-configuration` where `BASEOS_NODE_TOKEN` belongs to no known node.
 */
export const openIdentity = async (_options: OpenIdentityOptions): Promise<IdentityStore> => {
  throw new BaseRunnerError('invalid-configuration', 'openIdentity: being written');
};
