import type { Notice, Problem } from '../values/problem.js';
import type { Identity } from './identity.js';
import type { IdentityNoticeCode } from './notice-codes.js';

/** Something about the identity that the operator should know, found while it was opened. */
export interface IdentityNotice extends Notice {
  level: 'info' | 'warn' | 'error';
  code: IdentityNoticeCode;
}

export type IdentitySource =
  /** Read from the state file, its last good copy, or a legacy state file. */
  | 'state-file'
  | 'last-good-copy'
  | 'legacy'
  /** `BASEOS_NODE_ID` made it. */
  | 'environment'
  | 'generated'
  /** There is an identity that cannot be read: `current` is a placeholder for it and belongs to no node. */
  | 'unreadable';

/** There is an identity that cannot be read at present. Until it can, nothing is stored over it. */
export interface UnreadableIdentity {
  /** Why it cannot be read, and what to do about it. */
  problem: Problem;
  /**
   * Checks again whether it can be read; if so, the store must be closed and opened again. It never
   * throws.
   */
  isOver(): Promise<boolean>;
}

/** The identity on disk, held by one agent at a time. */
export interface IdentityStore {
  /** What is in force; what `update` stored last. */
  current: Identity;
  source: IdentitySource;
  /**
   * Whether `current` is stored and changes can be stored. If the directory is not writable, a stored identity is still
   * used, but a register call waits because its key must be durable. An `update` that succeeds makes it true.
   */
  durable: boolean;
  /** What could not be read when the store was opened. */
  unreadable?: UnreadableIdentity | undefined;
  /** They also say why the store is not `durable`. */
  notices: readonly IdentityNotice[];
  /**
   * Stores a changed identity durably, then makes it `current`. If it cannot be stored, `current` is unchanged and the
   * reason is returned; it never throws.
   */
  update(change: (identity: Identity) => Identity): Promise<{ ok: true } | { ok: false; problem: Problem }>;
  /** Stores `current` where it is not `durable`. If it cannot be stored, the reason is returned; it never throws. */
  makeDurable(): Promise<{ ok: true } | { ok: false; problem: Problem }>;
  /**
   * Checks, before each turn of the agent, whether the identity is stored, and stores it if it is missing: on a disk
   * that has become writable again, or in a directory that was removed. `reopen`: there is another identity now, or
   * another agent holds the directory, so the store must be closed and opened again. It never throws.
   *
   * @default what is stored stays so
   */
  keep?(): Promise<'kept' | 'not-kept' | 'reopen'>;
  /** Releases the directory for the next agent. */
  close(): Promise<void>;
}
