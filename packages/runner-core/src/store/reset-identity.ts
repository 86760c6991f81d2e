import { Buffer } from 'node:buffer';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import type { Environment } from '../config/parse-config.js';
import { isRecordFile } from '../config/agent-files.js';
import { configFromEnv } from '../config/config-from-env.js';
import type { FileSystem } from '../ports/file-system.js';
import { nodeFileSystem } from '../ports/node-file-system.js';
import type { LockDirectory } from '../lock/directory-lock.js';
import { followStatePath } from '../disk/follow-state-path.js';
import { holdLock } from '../lock/hold-lock.js';
import { asideNumbers, asidePathOf, copyPathOf, isRemnant } from './state-file-names.js';
import { errorCode } from '../disk/error-code.js';
import type { Problem } from '../values/problem.js';
import { resetRefusal } from './reset-refusals.js';
import { storageProblem } from '../disk/storage-problem.js';
import { walkPath } from '../disk/walk-path.js';

export interface ResetIdentityOptions {
  /** Also removes the files that were kept aside, so that no identity remains in the directory. @default false */
  erase?: boolean | undefined;
  /** @default the file system of the machine */
  fileSystem?: FileSystem | undefined;
  /** @default a socket in the state directory of the machine */
  lockDirectory?: LockDirectory | undefined;
}

/** What a reset does to one file. */
export type ResetStep = { kind: 'move'; path: string; to: string } | { kind: 'remove'; path: string };

export type ResetOutcome =
  /** Without steps there was nothing to reset. `leftovers` hold secrets of an identity that no agent uses. */
  | { kind: 'reset'; steps: readonly ResetStep[]; leftovers: readonly string[] }
  /** An agent holds the directory, or that is not known. Nothing was changed. */
  | ({ kind: 'refused' } & Problem)
  /** The disk prevented it. The reset may be partly done, and can be tried again. */
  | ({ kind: 'failed' } & Problem);

/**
 * What `resetIdentity` would do now; it changes nothing.
 *
 * @throws {BaseRunnerError} `invalid-configuration` with every mistake in the environment.
 */
export async function planReset(
  environment: Environment = process.env,
  { erase = false, fileSystem = nodeFileSystem }: Omit<ResetIdentityOptions, 'lockDirectory'> = {},
): Promise<Exclude<ResetOutcome, { kind: 'refused' }>> {
  const statePath = await followStatePath(fileSystem, configFromEnv(environment).statePath);
  try {
    const names = await namesIn(fileSystem, dirname(statePath));
    const steps = erase ? eraseSteps(names, statePath) : await moveSteps(fileSystem, names, statePath);
    for (const { path } of steps) await mustBeNoDirectory(fileSystem, path);
    return { kind: 'reset', steps, leftovers: leftoversAfter(steps, names, statePath) };
  } catch (error) {
    const { code, message, remedy } = await storageProblem(fileSystem, error, statePath);
    return { kind: 'failed', code, message: `The identity cannot be reset: ${message}`, remedy };
  }
}

/**
 * Makes the device forget which node it is, unless an agent runs on its directory. The files are kept aside, where no agent
 * looks for an identity; to undo it, give the state file its name back. With `erase` they are removed, and so is what was
 * kept aside before. A power cut leaves either the identity as it was or none; what was reported is durable.
 *
 * @throws {BaseRunnerError} `invalid-configuration` with every mistake in the environment.
 */
export async function resetIdentity(
  environment: Environment = process.env,
  options: ResetIdentityOptions = {},
): Promise<ResetOutcome> {
  const { fileSystem = nodeFileSystem, lockDirectory } = options;
  const configured = configFromEnv(environment);
  const config = { ...configured, statePath: await followStatePath(fileSystem, configured.statePath) };
  const directory = dirname(config.statePath);
  const before = await planReset(environment, options);
  // A missing directory is not created for it.
  if (before.kind === 'failed' || before.steps.length === 0) return before;
  const held = new AbortController();
  const { signal } = held;
  const place = { directory, files: `${config.statePath} and ${copyPathOf(config.statePath)}`, lock: '' };
  let closedLock: string | undefined;
  const onWait = (closed?: string): void => {
    closedLock = closed;
    held.abort();
  };
  try {
    const { lock } = await holdLock({ config, fileSystem, lockDirectory, signal, onWait });
    if (!lock.isHeld) {
      await lock.release();
      return { kind: 'refused', ...resetRefusal('lock-not-held', place) };
    }
    try {
      return await carryOut(environment, options, fileSystem, config.statePath);
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    const code = closedLock === undefined ? 'agent-running' : 'lock-denied';
    return { kind: 'refused', ...resetRefusal(code, { ...place, lock: closedLock ?? '' }) };
  }
}

/** Plans again, because an agent may have run in between. */
async function carryOut(
  environment: Environment,
  options: ResetIdentityOptions,
  fileSystem: FileSystem,
  statePath: string,
): Promise<ResetOutcome> {
  const plan = await planReset(environment, options);
  if (plan.kind === 'failed') return plan;
  try {
    for (const step of plan.steps) {
      if (step.kind === 'remove') await fileSystem.removeFile(step.path);
      else {
        await fileSystem.makePrivate(step.path).catch(() => undefined);
        await fileSystem.rename(step.path, step.to);
      }
      // Else the state file could be gone before a copy that is older.
      await fileSystem.syncDirectory(dirname(statePath));
    }
    return plan;
  } catch (error) {
    const { code, message, remedy } = await storageProblem(fileSystem, error, statePath);
    return { kind: 'failed', code, message: `The identity could not be reset: ${message}`, remedy };
  }
}

// The state file comes last: until it is removed, the identity is unchanged.

function eraseSteps(names: readonly string[], statePath: string): ResetStep[] {
  const remnants = names.filter((name) => isRemnant(name, statePath) || isRecordFile(name)).toSorted();
  const paths = [...remnants, basename(copyPathOf(statePath)), basename(statePath)]
    .filter((name) => names.includes(name))
    .map((name) => join(dirname(statePath), name));
  return paths.map((path) => ({ kind: 'remove', path }));
}

/** A copy of the same bytes, and what a crash left half-written, is not worth a name of its own. */
async function moveSteps(fileSystem: FileSystem, names: readonly string[], statePath: string): Promise<ResetStep[]> {
  const copyPath = copyPathOf(statePath);
  const [hasState, hasCopy] = [statePath, copyPath].map((path) => names.includes(basename(path)));
  const isSame = hasState && hasCopy && (await haveSameBytes(fileSystem, statePath, copyPath));
  const next = (asideNumbers(names, statePath, 'reset').at(-1) ?? 0) + 1;
  const moved = [...(hasCopy && !isSame ? [copyPath] : []), ...(hasState ? [statePath] : [])];
  const halfWritten = [`${statePath}.tmp`, `${copyPath}.tmp`].filter((path) => names.includes(basename(path)));
  const removed = [...halfWritten, ...(isSame ? [copyPath] : [])];
  return [
    ...removed.map((path): ResetStep => ({ kind: 'remove', path })),
    ...moved.map((path, index): ResetStep => ({
      kind: 'move',
      path,
      to: asidePathOf(statePath, 'reset', next + index),
    })),
  ];
}

function leftoversAfter(steps: readonly ResetStep[], names: readonly string[], statePath: string): string[] {
  const removed = new Set(steps.map(({ path }) => path));
  const kept = names.filter((name) => isRemnant(name, statePath)).map((name) => join(dirname(statePath), name));
  return [...kept.filter((path) => !removed.has(path)), ...steps.flatMap((step) => ('to' in step ? [step.to] : []))];
}

async function namesIn(fileSystem: FileSystem, directory: string): Promise<string[]> {
  try {
    return await fileSystem.readDirectory(directory);
  } catch (error) {
    const walked = await walkPath(fileSystem, directory);
    // The target of a link may be on a disk that is not mounted: it is not known whether there is an identity.
    if (errorCode(error) === 'ENOENT' && !(walked.kind === 'missing' && walked.link)) return [];
    throw error;
  }
}

async function haveSameBytes(fileSystem: FileSystem, one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all(
    [one, other].map(async (path) => fileSystem.readFile(path).catch(() => undefined)),
  );
  return first !== undefined && second !== undefined && Buffer.compare(first, second) === 0;
}

async function mustBeNoDirectory(fileSystem: FileSystem, path: string): Promise<void> {
  const { kind } = await fileSystem.status(path);
  if (kind === 'directory') throw Object.assign(new Error('It is a directory'), { code: 'EISDIR' });
}
