import { dirname } from 'node:path';
import type { Clock } from '../ports/clock.js';
import type { FileSystem } from '../ports/file-system.js';
import { writeDurably } from '../disk/durable-write.js';
import type { IdentityNotice } from '../identity/identity-store.js';
import { asideNumbers, asidePathOf, copyPathOf } from './state-file-names.js';
import { type ParsedState, parseState, serializeState, type StateDocument } from './state-document.js';
import { errorCode } from '../disk/error-code.js';
import { isDenied } from '../disk/is-denied.js';
import { type StorageProblem, storageProblem } from '../disk/storage-problem.js';
import { walkPath } from '../disk/walk-path.js';

/** What is at the path of a state file or its copy. */
export type FoundState = { path: string } & (
  | { kind: 'absent' }
  /**
   * Something is there, but the system does not allow it to be read: `isPassing` if it will when it is less busy,
   * `isDenied` if only this user may not.
   */
  | { kind: 'unreadable'; problem: StorageProblem; isPassing: boolean; isDenied: boolean }
  | (ParsedState & { bytes: Uint8Array; readableByOthers: boolean })
);

export interface FoundStates {
  state: FoundState;
  /** The last good copy. */
  copy: FoundState;
}

/** How a file is kept before the identity is written, so that its bytes can still be examined. */
export type AsideStep = { kind: 'damaged' | 'replaced' } & (
  | { /** No part of it is used: it is renamed. */ path: string }
  | {
      /** The new identity is derived from it: it stays in place until that is written, and its content is kept beside it. */ bytes: Uint8Array;
    }
);

/** Of each kind; the oldest go. */
const KEPT_ASIDE_MAX = 5;

/**
 * Resources of the system or the process may be available a moment later, and flash disks often read a block at the
 * second try.
 */
const passingCodes: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EBUSY']);
const worthAnotherTry: ReadonlySet<string | undefined> = new Set([...passingCodes, 'EIO']);
const READ_TRIES = 5;
const READ_RETRY_MS = 200;

/** Reads both files; it changes nothing and never throws. */
export async function loadStates(
  fileSystem: FileSystem,
  statePath: string,
  clock: Pick<Clock, 'sleep'>,
  signal?: AbortSignal,
): Promise<FoundStates> {
  const refuse = async (path: string, error: unknown): Promise<FoundState> => ({
    path,
    kind: 'unreadable',
    problem: await storageProblem(fileSystem, error, { path, statePath }),
    isPassing: passingCodes.has(errorCode(error)),
    isDenied: isDenied(error),
  });
  const load = async (path: string, triesLeft = READ_TRIES - 1): Promise<FoundState> => {
    try {
      const { mode, kind } = await fileSystem.status(path);
      // A pipe, say: there are devices that do something when they are opened.
      if (kind === 'other') return await refuse(path, undefined);
      const bytes = await fileSystem.readFile(path);
      return { path, bytes, readableByOthers: (mode & 0o077) !== 0, ...parseState(bytes) };
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' && !(await isBehindLink(fileSystem, path))) return { path, kind: 'absent' };
      if (worthAnotherTry.has(code) && triesLeft > 0 && signal?.aborted !== true) {
        await clock.sleep(READ_RETRY_MS, signal ?? new AbortController().signal);
        return load(path, triesLeft - 1);
      }
      return refuse(path, error);
    }
  };
  return { state: await load(statePath), copy: await load(copyPathOf(statePath)) };
}

/**
 * A link on the way leads to what is missing, such as a disk that is not mounted. The content there is not known, so
 * this agent must not start with a new identity.
 */
async function isBehindLink(fileSystem: FileSystem, path: string): Promise<boolean> {
  const walked = await walkPath(fileSystem, path);
  return walked.kind === 'missing' && walked.link !== undefined && walked.at !== walked.path;
}

/** Stores an identity in the state file, then in its copy: a crash leaves one of them whole, and the state file is never older. */
export class StateDirectory {
  readonly #fileSystem: FileSystem;
  readonly #statePath: string;
  readonly #asideSteps: AsideStep[];
  readonly #onSetAside: (notice: IdentityNotice) => void;

  constructor({
    fileSystem,
    statePath,
    asideSteps,
    onSetAside,
  }: {
    fileSystem: FileSystem;
    statePath: string;
    asideSteps: readonly AsideStep[];
    /** Told where each of them went. */
    onSetAside: (notice: IdentityNotice) => void;
  }) {
    this.#fileSystem = fileSystem;
    this.#statePath = statePath;
    this.#asideSteps = [...asideSteps];
    this.#onSetAside = onSetAside;
  }

  /**
   * Durable once it has resolved. A copy that cannot be written is no failure, because the next `store` writes it, too;
   * the reason is returned.
   *
   * @param isFirst no state file was found. One that has appeared since, as when a volume is mounted or unmounted, stays: this
   *   rejects with `EEXIST`.
   */
  async store(
    document: StateDocument,
    { isFirst }: { isFirst: boolean },
  ): Promise<{ copyProblem?: StorageProblem | undefined }> {
    for (let step = this.#asideSteps[0]; step; step = this.#asideSteps[0]) {
      await this.#keepAside(step);
      this.#asideSteps.shift();
    }
    const bytes = serializeState(document);
    await writeDurably(
      this.#fileSystem,
      this.#statePath,
      bytes,
      isFirst ? async () => this.#requireAbsent() : undefined,
    );
    try {
      await writeDurably(this.#fileSystem, copyPathOf(this.#statePath), bytes);
      return {};
    } catch (error) {
      return { copyProblem: await storageProblem(this.#fileSystem, error, this.#statePath) };
    }
  }

  /** Fails if `store` would, as far as that is known without a write. */
  async checkWritable(): Promise<void> {
    await this.#fileSystem.checkWritable(dirname(this.#statePath));
  }

  async #requireAbsent(): Promise<void> {
    const isThere = await this.#fileSystem.status(this.#statePath).then(
      () => true,
      () => false,
    );
    if (isThere) throw Object.assign(new Error(`${this.#statePath} has appeared`), { code: 'EEXIST' });
  }

  async #keepAside(step: AsideStep): Promise<void> {
    const path = await this.#freeAsidePath(step.kind);
    if ('path' in step) {
      // It may contain a token. If it belongs to another user, the mode of the directory must suffice.
      await this.#fileSystem.makePrivate(step.path).catch(() => undefined);
      await this.#fileSystem.rename(step.path, path);
      // Else the new file could take its old name before it has the new one.
      await this.#fileSystem.syncDirectory(dirname(path));
    } else await writeDurably(this.#fileSystem, path, step.bytes);
    this.#onSetAside({
      level: 'warn',
      code: 'kept-aside',
      message: `The ${step.kind} state is kept as ${path}.`,
    });
  }

  /** `state.json.damaged-7` where 6 was the last; what is too old goes. */
  async #freeAsidePath(kind: AsideStep['kind']): Promise<string> {
    const directory = dirname(this.#statePath);
    const numbers = asideNumbers(await this.#fileSystem.readDirectory(directory), this.#statePath, kind);
    for (const number of numbers.slice(0, Math.max(0, numbers.length - KEPT_ASIDE_MAX + 1))) {
      // A file that cannot be removed only takes up a number. A directory is not ours.
      await this.#fileSystem.removeFile(asidePathOf(this.#statePath, kind, number)).catch(() => undefined);
    }
    return asidePathOf(this.#statePath, kind, (numbers.at(-1) ?? 0) + 1);
  }
}
