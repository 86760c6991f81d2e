import type { Clock } from '../ports/clock.js';
import type { DirectoryLock } from './directory-lock.js';
import type { Identity } from './identity.js';
import type { IdentityNotice, IdentitySource, IdentityStore, UnreadableIdentity } from './identity-store.js';
import type { StateDirectory } from './state-directory.js';
import type { StateDocument } from './state-document.js';
import { storageProblem } from './storage-problem.js';

export interface FileIdentityStoreOptions {
  document: StateDocument;
  source: IdentitySource;
  durable: boolean;
  notices: readonly IdentityNotice[];
  directory: StateDirectory;
  statePath: string;
  /** Present where nothing may be written. */
  unreadable: UnreadableIdentity | undefined;
  lock: DirectoryLock | undefined;
  clock: Pick<Clock, 'wallMs'>;
  /** What stood in the way of the last good copy when the directory was opened. */
  copyProblem: string | undefined;
  onNotice: ((notice: IdentityNotice) => void) | undefined;
}

type UpdateResult = Awaited<ReturnType<IdentityStore['update']>>;

/** The identity in a state directory. Changes are stored one after the other. */
export class FileIdentityStore implements IdentityStore {
  readonly source: IdentitySource;
  readonly notices: readonly IdentityNotice[];
  readonly unreadable: UnreadableIdentity | undefined;
  readonly #options: FileIdentityStoreOptions;
  #current: Identity;
  #durable: boolean;
  #copyProblem: string | undefined;
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
  }

  get current(): Identity {
    return this.#current;
  }

  get durable(): boolean {
    return this.#durable;
  }

  async update(change: (identity: Identity) => Identity): Promise<UpdateResult> {
    if (this.#closed) return { ok: false, message: 'The agent has let go of its state directory.' };
    const update = this.#lastUpdate.then(async () => this.#store(change));
    this.#lastUpdate = update.catch(() => undefined);
    return update;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#lastUpdate;
    await this.#options.lock?.release();
  }

  async #store(change: (identity: Identity) => Identity): Promise<UpdateResult> {
    const { directory, document, statePath, unreadable } = this.#options;
    if (unreadable) return { ok: false, message: unreadable.reason };
    const identity = withEnrolledAt(this.#current, change(this.#current), this.#options.clock);
    if (identity === this.#current && this.#durable) return { ok: true };
    try {
      const { copyProblem } = await directory.store({ ...document, identity });
      this.#tellOfCopy(copyProblem);
    } catch (error) {
      return { ok: false, message: `The identity could not be stored: ${storageProblem(error, statePath)}.` };
    }
    this.#current = identity;
    this.#durable = true;
    return { ok: true };
  }

  /** Each problem once, until the copy was written again. */
  #tellOfCopy(copyProblem: string | undefined): void {
    const { statePath, onNotice } = this.#options;
    if (copyProblem !== this.#copyProblem) {
      for (const notice of copyNotices({ statePath, copyProblem })) onNotice?.(notice);
    }
    this.#copyProblem = copyProblem;
  }
}

/** Notes when the node got its first token of a Cloudly. */
const withEnrolledAt = (before: Identity, after: Identity, clock: Pick<Clock, 'wallMs'>): Identity => {
  const { enrolment } = after;
  const hadToken = before.enrolment?.origin === enrolment?.origin && before.enrolment?.nodeToken !== undefined;
  if (!enrolment?.nodeToken || enrolment.enrolledAt !== undefined || hadToken) return after;
  return { ...after, enrolment: { ...enrolment, enrolledAt: new Date(clock.wallMs()).toISOString() } };
};

const copyNotices = ({
  statePath,
  copyProblem,
}: Pick<FileIdentityStoreOptions, 'statePath' | 'copyProblem'>): IdentityNotice[] =>
  copyProblem === undefined
    ? []
    : [
        {
          level: 'warn',
          message: `${statePath} is stored, but not its last good copy: ${copyProblem}. If the file is damaged before that is put right, an older node token comes back.`,
        },
      ];
