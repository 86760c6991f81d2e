import type { RunnerConfig } from '../config/runner-config.js';
import type { FileSystem } from '../ports/file-system.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import { type Randomness, systemRandomness } from '../ports/randomness.js';
import { type ChosenState, chooseState } from './choose-state.js';
import { lockDirectory as lockBySockets, type LockDirectory } from './directory-lock.js';
import { FileIdentityStore } from './file-identity-store.js';
import { holdLock } from './hold-lock.js';
import type { IdentityNotice, IdentityStore } from './identity-store.js';
import { type ResolvedIdentity, resolveIdentity } from './resolve-identity.js';
import { type AsideStep, loadStates, StateDirectory } from './state-directory.js';
import { STATE_FORMAT, type StateDocument } from './state-document.js';
import { storageProblem } from './storage-problem.js';

export interface OpenIdentityOptions {
  config: RunnerConfig;
  /** @default the file system of the machine */
  fileSystem?: FileSystem | undefined;
  /** @default the machine's */
  randomness?: Randomness | undefined;
  /**
   * Keeps a second agent out; a simulation with its own file system brings its own.
   *
   * @default a socket in the state directory of the machine
   */
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
export const openIdentity = async ({
  config,
  fileSystem = nodeFileSystem,
  randomness = systemRandomness,
  lockDirectory = lockBySockets,
  signal,
  onWait,
}: OpenIdentityOptions): Promise<IdentityStore> => {
  signal?.throwIfAborted();
  const { lock, notices } = await holdLock({ config, fileSystem, lockDirectory, signal, onWait });
  try {
    const chosen = chooseState(await loadStates(fileSystem, config.statePath), randomness);
    const resolved = resolveIdentity({
      stored: chosen.stored && { identity: chosen.stored.document.identity, source: chosen.stored.source },
      hadIdentity: chosen.lost || chosen.untouchable !== undefined,
      config,
      randomness,
    });
    const directory = new StateDirectory(fileSystem, config.statePath, asideSteps(chosen, resolved));
    const document = documentOf(chosen, resolved);
    const problem = await settle(directory, document, chosen, config.statePath);
    return new FileIdentityStore({
      document,
      source: resolved.source,
      durable: problem === undefined && chosen.untouchable === undefined,
      notices: [...notices, ...chosen.notices, ...resolved.notices, ...notStored(problem, chosen, resolved)],
      directory,
      statePath: config.statePath,
      untouchable: chosen.untouchable,
      lock,
    });
  } catch (error) {
    await lock?.release();
    throw error;
  }
};

const asideSteps = ({ asideSteps: steps, stored }: ChosenState, { replaces }: ResolvedIdentity): AsideStep[] =>
  replaces && stored ? [...steps, { kind: 'replaced', bytes: stored.bytes }] : [...steps];

/** What a newer version stored beside an identity belongs to that identity. */
const documentOf = ({ stored }: ChosenState, { identity, replaces }: ResolvedIdentity): StateDocument =>
  stored && !replaces ? { ...stored.document, identity } : { identity, format: STATE_FORMAT, unknownMembers: {} };

/** Stores what has to be stored. Gives what stands in the way of that, or of storing a change later. */
const settle = async (
  directory: StateDirectory,
  document: StateDocument,
  { stored, repair, untouchable }: ChosenState,
  statePath: string,
): Promise<string | undefined> => {
  if (untouchable !== undefined) return undefined;
  try {
    if (repair || document.identity !== stored?.document.identity) await directory.store(document);
    else await directory.checkWritable();
    return undefined;
  } catch (error) {
    return storageProblem(error, statePath);
  }
};

const notStored = (
  problem: string | undefined,
  { stored }: ChosenState,
  { replaces }: ResolvedIdentity,
): IdentityNotice[] => {
  if (problem === undefined) return [];
  const consequence =
    stored && !replaces
      ? 'The stored identity is used, but changes to it, such as a new node token, cannot be kept.'
      : 'The identity of this node cannot be kept, so it is not registered until that is put right.';
  return [{ level: 'error', message: `The identity cannot be stored: ${problem}. ${consequence}` }];
};
