import { Buffer } from 'node:buffer';
import type { Clock } from '../ports/clock.js';
import { notStored } from './not-stored.js';
import type { FileSystem } from '../ports/file-system.js';
import type { Randomness } from '../ports/randomness.js';
import { errorCode } from '../disk/error-code.js';
import { chooseState } from './choose-state.js';
import type { HeldLock } from '../lock/hold-lock.js';
import type { Identity } from '../identity/identity.js';
import type { IdentityNotice, IdentitySource, IdentityStore, UnreadableIdentity } from '../identity/identity-store.js';
import { type FoundState, type FoundStates, loadStates, type StateDirectory } from './state-directory.js';
import type { StateDocument } from './state-document.js';
import { type StorageProblem, storageProblem } from '../disk/storage-problem.js';
import type { Problem } from '../values/problem.js';

export interface FileIdentityStoreOptions {
  document: StateDocument;
  source: IdentitySource;
  durable: boolean;
  /** What prevented the use of the state file when the directory was opened; `notices` report it. */
  problem: StorageProblem | undefined;
  /** What was found when the directory was opened. */
  found: FoundStates;
  notices: readonly IdentityNotice[];
  directory: StateDirectory;
  statePath: string;
  /** Present where nothing may be written. */
  unreadable: UnreadableIdentity | undefined;
  lock: HeldLock;
  fileSystem: FileSystem;
  randomness: Randomness;
  clock: Pick<Clock, 'sleep' | 'wallMs'>;
  /** What prevented the use of the last good copy when the directory was opened. */
  copyProblem: StorageProblem | undefined;
  onNotice: ((notice: IdentityNotice) => void) | undefined;
}

const letGo = {
  ok: false,
  problem: {
    code: 'state-not-stored',
    message: 'The agent has released its state directory.',
    remedy: 'Restart it.',
  },
} as const;

type UpdateResult = Awaited<ReturnType<IdentityStore['update']>>;

/** The identity in a state directory. Changes are stored one after the other. */
export class FileIdentityStore implements IdentityStore {
  readonly source: IdentitySource;
  readonly notices: readonly IdentityNotice[];
  readonly unreadable: UnreadableIdentity | undefined;
  readonly #options: FileIdentityStoreOptions;
  #current: Identity;
  #durable: boolean;
  /** Whether `current` was stored at some time, so that this node keeps it regardless of what is found later. */
  #wasDurable: boolean;
  /** The problem with the state file that is in the log. */
  #reportedProblem: Problem | undefined;
  #copyProblem: StorageProblem | undefined;
  #closed = false;
  #lastUpdate: Promise<unknown> = Promise.resolve();

  constructor(options: FileIdentityStoreOptions) {
    this.#options = options;
    this.source = options.source;
    this.unreadable = options.unreadable;
    this.notices = [...options.notices, ...copyNotices(options)];
    this.#copyProblem = options.copyProblem;
    this.#current = options.document.identity;
    this.#durable = options.durable;
    this.#wasDurable = options.durable;
    this.#reportedProblem = options.problem;
  }

  get current(): Identity {
    return this.#current;
  }

  get durable(): boolean {
    return this.#durable;
  }

  async update(change: (identity: Identity) => Identity): Promise<UpdateResult> {
    if (this.#closed) return letGo;
    return this.#inTurn(async () => this.#store(change));
  }

  async makeDurable(): Promise<UpdateResult> {
    if (this.#closed) return letGo;
    return this.#inTurn(async () => this.#ensureDurable());
  }

  async keep(): Promise<'kept' | 'not-kept' | 'reopen'> {
    if (this.#closed || this.unreadable) return 'not-kept';
    return this.#inTurn(async () => {
      if (!this.#durable || !(await this.#isThere())) return this.#restore();
      await this.#checkWritable();
      return 'kept';
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#lastUpdate;
    await this.#options.lock.release();
  }

  async #store(change: (identity: Identity) => Identity): Promise<UpdateResult> {
    const { directory, document } = this.#options;
    // Files that may have appeared since must not be lost.
    const ensured = await this.#ensureDurable();
    if (!ensured.ok) return ensured;
    const identity = change(this.#current);
    if (identity === this.#current) return { ok: true };
    try {
      const { copyProblem } = await directory.store({ ...document, identity }, { isFirst: false });
      this.#reportCopy(copyProblem);
    } catch (error) {
      return { ok: false, problem: notStored(await this.#problemOf(error)) };
    }
    this.#current = identity;
    return { ok: true };
  }

  async #ensureDurable(): Promise<UpdateResult> {
    const { unreadable } = this.#options;
    if (unreadable) return { ok: false, problem: unreadable.problem };
    if (this.#durable || (await this.#restore()) === 'kept') return { ok: true };
    return { ok: false, problem: notStored(this.#reportedProblem ?? somethingElse) };
  }

  /** One look or change after the other. */
  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#lastUpdate.then(work);
    this.#lastUpdate = result.catch(() => undefined);
    return result;
  }

  async #isThere(): Promise<boolean> {
    const { fileSystem, statePath, lock } = this.#options;
    const hasFile = fileSystem.status(statePath).then(
      () => true,
      () => false,
    );
    return (await hasFile) && (await lock.isThere());
  }

  /** Stores `current` where it is not stored, or no longer, unless something else is there that must not be lost. */
  async #restore(): Promise<'kept' | 'not-kept' | 'reopen'> {
    const { directory, document, fileSystem, statePath, lock, clock } = this.#options;
    this.#durable = false;
    if (!(await lock.regain())) return 'reopen';
    // The next turn checks again, so no check needs a second try.
    const found = await loadStates(fileSystem, statePath, clock, AbortSignal.abort());
    const obstacle = this.#obstacleIn(found);
    if (obstacle === 'another') return 'reopen';
    if (obstacle !== undefined) return this.#notKept(obstacle.problem);
    try {
      const isFirst = found.state.kind === 'absent';
      const { copyProblem } = await directory.store({ ...document, identity: this.#current }, { isFirst });
      this.#reportCopy(copyProblem);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return 'reopen';
      return this.#notKept(await this.#problemOf(error));
    }
    if (this.#wasDurable && found.state.kind === 'absent') {
      this.#notify({
        level: 'warn',
        code: 'state-restored',
        message: `${statePath} was missing. The identity of this node is stored there again.`,
      });
    } else this.#reportEnd();
    this.#reportedProblem = undefined;
    this.#durable = true;
    this.#wasDurable = true;
    return 'kept';
  }

  /** What a write would destroy: a file that was not there when the identity was opened, or that cannot be read. */
  #obstacleIn(found: FoundStates): 'another' | { problem: Problem } | undefined {
    const { found: before, randomness } = this.#options;
    if (!this.#wasDurable) return isSame(found, before) ? undefined : 'another';
    const chosen = chooseState(found, randomness);
    if (chosen.kind === 'hands-off') return { problem: chosen.problem };
    return chosen.kind === 'use' && chosen.stored.document.identity.nodeId !== this.#current.nodeId
      ? 'another'
      : undefined;
  }

  /** What is stored stays so, but a change could not be. */
  async #checkWritable(): Promise<void> {
    try {
      await this.#options.directory.checkWritable();
    } catch (error) {
      this.#notKept(await this.#problemOf(error));
      return;
    }
    this.#reportEnd();
    this.#reportedProblem = undefined;
  }

  /** Each problem once, until it is over. */
  #notKept(problem: Problem): 'not-kept' {
    if (problem.message !== this.#reportedProblem?.message) {
      const { message, remedy } = notStored(problem);
      const goesOn = this.#wasDurable
        ? 'The agent continues with the identity that it has, and stores it as soon as it can.'
        : 'The agent stores it as soon as it can.';
      this.#notify({ level: 'error', code: 'state-not-stored', message: `${message} ${goesOn}`, remedy });
    }
    this.#reportedProblem = problem;
    return 'not-kept';
  }

  #reportEnd(): void {
    if (this.#reportedProblem !== undefined) {
      this.#notify({ level: 'info', code: 'state-stored', message: 'The identity can be stored again.' });
    }
  }

  #notify(notice: IdentityNotice): void {
    this.#options.onNotice?.(notice);
  }

  async #problemOf(error: unknown): Promise<StorageProblem> {
    return storageProblem(this.#options.fileSystem, error, this.#options.statePath);
  }

  /** Each problem once, until the copy was written again. */
  #reportCopy(copyProblem: StorageProblem | undefined): void {
    const { statePath, onNotice } = this.#options;
    if (copyProblem?.message !== this.#copyProblem?.message) {
      for (const notice of copyNotices({ statePath, copyProblem })) onNotice?.(notice);
    }
    this.#copyProblem = copyProblem;
  }
}

const somethingElse: Problem = {
  code: 'state-not-stored',
  message: 'Another identity is stored there now.',
  remedy: 'No action is needed: the agent reads it.',
};

function isSame(one: FoundStates, other: FoundStates): boolean {
  return contentOf(one.state) === contentOf(other.state) && contentOf(one.copy) === contentOf(other.copy);
}

function contentOf(found: FoundState): string {
  return 'bytes' in found ? `${found.kind} ${Buffer.from(found.bytes).toString('base64')}` : found.kind;
}

function copyNotices({
  statePath,
  copyProblem,
}: Pick<FileIdentityStoreOptions, 'statePath' | 'copyProblem'>): IdentityNotice[] {
  return copyProblem === undefined
    ? []
    : [
        {
          level: 'warn',
          code: 'copy-not-stored',
          message: `${statePath} is stored, but not its last good copy: ${copyProblem.message} If the state file is damaged before the copy is stored, the node falls back to an older node token.`,
          remedy: copyProblem.remedy,
        },
      ];
}
