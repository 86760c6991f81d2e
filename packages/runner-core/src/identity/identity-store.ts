import type { Explanation } from '../values/problem.js';
import type { Identity } from './identity.js';
import type { IdentityNoticeCode } from './notice-codes.js';

/** Something about the identity that the operator should know, found while it was opened. */
export interface IdentityNotice {
  level: 'info' | 'warn' | 'error';
  code: IdentityNoticeCode;
  /** What was found, and where, in sentences. */
  message: string;
  /** What to do about it; absent where there is nothing to do. */
  remedy?: string | undefined;
}

export type IdentitySource =
  /** Read from the state file, its last good copy, or a legacy state file. */
  | 'state-file'
  | 'last-good-copy'
  | 'legacy'
  /** `BASEOS_NODE_ID` made it. */
  | 'environment'
  | 'generated'
  /** An identity is there that cannot be read: `current` stands in for it, and is nobody's. */
  | 'unreadable';

/** An identity that is there and cannot be read now: as long as that lasts, nothing is stored over it. */
export interface UnreadableIdentity {
  /** Why it cannot be read, and what to do about it. */
  problem: Explanation;
  /**
   * Looks again: whether it can be read by now, so that the store must be closed and opened again. It never
   * throws.
   */
  isOver(): Promise<boolean>;
}

/** The identity on disk, held by one agent at a time. */
export interface IdentityStore {
  /** What is in force; what `update` stored last. */
  readonly current: Identity;
  readonly source: IdentitySource;
  /**
   * Whether `current` is stored and changes can be. Where the directory cannot be written, a stored identity is still used;
   * a register call waits, as its key has to last. An `update` that succeeds makes it true.
   */
  readonly durable: boolean;
  /** What could not be read when the store was opened. */
  readonly unreadable?: UnreadableIdentity | undefined;
  /** They tell also why the store is not `durable`. */
  readonly notices: readonly IdentityNotice[];
  /**
   * Stores a changed identity durably, then makes it `current`. Where it cannot be stored, `current` stays as it was and
   * the reason comes back; it never throws.
   */
  update(change: (identity: Identity) => Identity): Promise<{ ok: true } | { ok: false; problem: Explanation }>;
  /** Stores `current` where it is not `durable`. Where it cannot be stored, the reason comes back; it never throws. */
  makeDurable(): Promise<{ ok: true } | { ok: false; problem: Explanation }>;
  /**
   * Looks, before each turn of the agent, whether the identity is stored, and stores it where it is not, or no longer: on a
   * disk that can be written again, or in a directory that was removed. `reopen`: another identity is there now, or another
   * agent has the directory, so that the store must be closed and opened again. It never throws.
   *
   * @default what is stored stays so
   */
  keep?(): Promise<'kept' | 'not-kept' | 'reopen'>;
  /** Lets the next agent have the directory. */
  close(): Promise<void>;
}
