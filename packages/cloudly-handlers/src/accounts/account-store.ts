import type { WrittenEvent } from '../events/fleet-event.js';
import type { FleetStore } from '../fleet-store/fleet-store.js';
import type { Accounts, ApiTokenRecord, OperatorRecord, SessionRecord } from './accounts.js';

/** What each kind of account is called, which is the same in every list of them. */
export type AccountKind = keyof Accounts;

/** What a decision changes, and tells. */
export interface AccountChange<Result> {
  result: Result;
  /** Added, or in the place of the one with the same ID. What is known of its last use stays, unless that is new. */
  save?: Partial<Accounts> | undefined;
  /** IDs. */
  remove?: Partial<Record<AccountKind, readonly string[]>> | undefined;
  events?: readonly WrittenEvent[] | undefined;
}

/**
 * Keeps the accounts of a server that has its own. There are few, so that a change is decided from all of them.
 *
 * - **Changes take place one after the other**, in all processes: what a decision saw is true until what it changes is stored.
 * - A change and its events are stored together, durably, or not at all.
 * - Nothing ever brings back what a change has removed, or undoes it: noting a use does not, either.
 * - All of it is handed over as copies.
 */
export interface AccountStore {
  /** All accounts as of one instant, each kind in the order in which they were added. */
  read(this: void): Promise<Accounts>;
  /**
   * Carries out what `decide` decides from all accounts, and resolves with its result. If it throws, nothing changes, and this
   * rejects with the same error.
   *
   * @param decide must be pure: it may be called more than once, and only the last time counts.
   */
  change<Result>(this: void, decide: (accounts: Accounts) => AccountChange<Result>): Promise<Result>;
  /** The session with this hash, and whose it is. */
  findSession(this: void, hash: string): Promise<FoundSession | undefined>;
  /** The token with this hash, and the operator without whom it ends, if there is one. */
  findApiToken(this: void, hash: string): Promise<FoundApiToken | undefined>;
  /** Notes when a session or token was used. An earlier use than is known changes nothing, nor does one of what was removed. */
  noteUse(this: void, kind: 'sessions' | 'apiTokens', id: string, atMs: number): Promise<void>;
}

export interface FoundSession {
  session: SessionRecord;
  operator: OperatorRecord;
}

export interface FoundApiToken {
  apiToken: ApiTokenRecord;
  operator?: OperatorRecord;
}

/** A store of a server that has its own operators. */
export interface StoreWithAccounts extends FleetStore {
  accounts: AccountStore;
}
