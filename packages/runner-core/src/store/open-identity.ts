import type { RunnerConfig } from '../config/runner-config.js';
import { type Clock, systemClock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import { type Randomness, systemRandomness } from '../ports/randomness.js';
import { type ChosenState, chooseState, type StoredState } from './choose-state.js';
import { invalidConfiguration } from '../config/runner-error.js';
import { findIdentity } from './find-identity.js';
import type { LockDirectory } from '../lock/directory-lock.js';
import { notStored } from './not-stored.js';
import { FileIdentityStore } from './file-identity-store.js';
import { followStatePath } from '../disk/follow-state-path.js';
import { holdLock, waitingFor } from '../lock/hold-lock.js';
import { impermanenceOf } from '../disk/impermanence.js';
import type { IdentityNotice, IdentityStore } from '../identity/identity-store.js';
import { makeDirectoryPrivate } from '../disk/private-directory.js';
import type { ResolvedIdentity } from '../identity/resolve-identity.js';
import { type AsideStep, loadStates, StateDirectory } from './state-directory.js';
import { STATE_FORMAT, type StateDocument } from './state-document.js';
import { type StorageProblem, storageProblem } from '../disk/storage-problem.js';

export interface OpenIdentityOptions {
  config: RunnerConfig;
  /** @default the file system of the machine */
  fileSystem?: FileSystem | undefined;
  /** @default the machine's */
  randomness?: Randomness | undefined;
  /** For the pauses between tries to read, and to note when the node was enrolled. @default the system's */
  clock?: Pick<Clock, 'sleep' | 'wallMs'> | undefined;
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
  /** Called with what the operator should know and what comes up only when a change is stored. */
  onNotice?: ((notice: IdentityNotice) => void) | undefined;
}

/**
 * The identity of this node: the stored one, or a new one that is stored before this resolves. It does not fail because
 * of what the disk holds or refuses: see `durable` and `notices` of the store.
 *
 * @throws {BaseRunnerError} `invalid-configuration` where the environment contradicts the stored identity.
 */
export async function openIdentity({
  config,
  fileSystem = nodeFileSystem,
  randomness = systemRandomness,
  clock = systemClock,
  lockDirectory,
  signal,
  onWait,
  onNotice,
}: OpenIdentityOptions): Promise<IdentityStore> {
  signal?.throwIfAborted();
  const statePath = await followStatePath(fileSystem, config.statePath);
  const { lock, notices } = await holdLock({
    config: { ...config, statePath },
    fileSystem,
    lockDirectory,
    signal,
    onWait: (closedLock) => onWait?.(waitingFor(statePath, closedLock)),
  });
  const isOver = async (): Promise<boolean> => {
    // Each retry checks again, so no check needs a second try.
    const path = await followStatePath(fileSystem, config.statePath);
    const again = await loadStates(fileSystem, path, clock, AbortSignal.abort());
    return chooseState(again, randomness).kind !== 'hands-off';
  };
  try {
    await makeDirectoryPrivate(fileSystem, statePath);
    const { files, chosen, stored, resolved, ...found } = await findIdentity({
      config,
      statePath,
      fileSystem,
      clock,
      randomness,
      signal,
    });
    if (found.mistakes.length > 0) throw invalidConfiguration(found.mistakes, found.warnings);
    const setAside: IdentityNotice[] = [];
    let reportSetAside = (notice: IdentityNotice): unknown => setAside.push(notice);
    const directory = new StateDirectory({
      fileSystem,
      statePath,
      asideSteps: asideSteps(chosen, resolved),
      onSetAside: (notice) => reportSetAside(notice),
    });
    const document = documentOf(stored, resolved);
    const isFirst = files.state.kind === 'absent';
    const { problem, copyProblem } = await settle(directory, document, { chosen, isFirst }, async (error) =>
      storageProblem(fileSystem, error, statePath),
    );
    // What is kept aside only now or later comes up when a change is stored.
    reportSetAside = (notice) => onNotice?.(notice);
    return new FileIdentityStore({
      document,
      source: resolved.source,
      durable: problem === undefined && chosen.kind !== 'hands-off',
      notices: [
        ...notices,
        ...chosen.notices,
        ...found.warnings.map(({ code, message, remedy }) => ({ level: 'warn', code, message, remedy }) as const),
        ...resolved.notices,
        ...setAside,
        ...notStoredNotices(problem, stored, resolved),
        ...(await fleetingNotices(fileSystem, statePath)),
      ],
      problem,
      found: files,
      directory,
      statePath,
      unreadable: found.unreadable && { problem: found.unreadable, isOver },
      lock,
      fileSystem,
      randomness,
      clock,
      copyProblem,
      onNotice,
    });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function asideSteps(chosen: ChosenState, { replaces }: ResolvedIdentity): AsideStep[] {
  const steps = 'asideSteps' in chosen ? chosen.asideSteps : [];
  return chosen.kind === 'use' && replaces ? [...steps, { kind: 'replaced', bytes: chosen.stored.bytes }] : [...steps];
}

/** What a newer version stored beside an identity belongs to that identity. */
function documentOf(stored: StoredState | undefined, { identity, replaces }: ResolvedIdentity): StateDocument {
  return stored && !replaces
    ? { ...stored.document, identity }
    : { identity, format: STATE_FORMAT, unknownMembers: {} };
}

/** Stores what must be stored. Gives the problem with that, or with storing a change later. */
async function settle(
  directory: StateDirectory,
  document: StateDocument,
  { chosen, isFirst }: { chosen: ChosenState; isFirst: boolean },
  problemOf: (error: unknown) => Promise<StorageProblem>,
): Promise<{ problem?: StorageProblem | undefined; copyProblem?: StorageProblem | undefined }> {
  if (chosen.kind === 'hands-off') return {};
  const isStored = chosen.kind === 'use' && !chosen.repair && document.identity === chosen.stored.document.identity;
  try {
    if (!isStored) return await directory.store(document, { isFirst });
    await directory.checkWritable();
    return {};
  } catch (error) {
    return { problem: await problemOf(error) };
  }
}

async function fleetingNotices(fileSystem: FileSystem, statePath: string): Promise<IdentityNotice[]> {
  const impermanence = await impermanenceOf(fileSystem, statePath);
  return impermanence ? [{ level: 'warn', ...impermanence }] : [];
}

function notStoredNotices(
  problem: StorageProblem | undefined,
  stored: StoredState | undefined,
  { replaces }: ResolvedIdentity,
): IdentityNotice[] {
  if (problem === undefined) return [];
  const consequence =
    stored && !replaces
      ? 'The agent uses the stored identity, but changes to it, such as a new node token, are not kept.'
      : 'Until it can be stored, the node does not register.';
  const { message, remedy } = notStored(problem);
  return [{ level: 'error', code: 'state-not-stored', message: `${message} ${consequence}`, remedy }];
}
