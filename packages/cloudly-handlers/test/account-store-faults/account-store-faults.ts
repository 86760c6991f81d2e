import type { AccountStore } from '../../src/accounts/account-store.js';
import type { Accounts } from '../../src/accounts/accounts.js';
import { saveAccounts } from '../../src/stores/suite/accounts/account-fixtures.js';

/** A store that breaks a promise, as a careless implementation would. */
export interface AccountFault {
  /** How the behaviours begin that notice. */
  breaks: readonly string[];
  accounts: (accounts: AccountStore) => Partial<AccountStore>;
}

/** Faults that the suite for stores of accounts notices, each by what it would be called. */
export const accountStoreFaults: Readonly<Record<string, AccountFault>> = {
  'lists the newest accounts first': {
    breaks: ['keeps accounts of each kind whole'],
    accounts: (accounts) => ({
      async read() {
        const { operators, ...rest } = await accounts.read();
        return { ...rest, operators: operators.toReversed() };
      },
    }),
  },
  'hands a decision no sessions': {
    breaks: ['hands a decision all accounts'],
    accounts: (accounts) => ({ change: (decide) => accounts.change((all) => decide({ ...all, sessions: [] })) }),
  },
  'removes what has the ID, whatever it is': {
    breaks: ['replaces what has the same ID'],
    accounts: (accounts) => ({
      change: (decide) =>
        accounts.change((all) => {
          const { remove = {}, ...change } = decide(all);
          const ids = Object.values(remove).flat();
          return { ...change, remove: { ...remove, operators: ids } };
        }),
    }),
  },
  'finds a token without its operator': {
    breaks: ['finds sessions and tokens by their hashes'],
    accounts: (accounts) => ({
      async findApiToken(hash) {
        const found = await accounts.findApiToken(hash);
        return found && { apiToken: found.apiToken };
      },
    }),
  },
  'notes an earlier use as the last one': {
    breaks: ['notes the last use'],
    accounts: (accounts) => ({
      noteUse: (kind, id, atMs) => saveUse(accounts, kind, id, atMs),
      async findApiToken(hash) {
        const found = await accounts.findApiToken(hash);
        return found && { ...found, apiToken: { ...found.apiToken, lastUsedAtMs: 1 } };
      },
    }),
  },
  'saves a session again to note its use': {
    breaks: ['brings nothing back by noting its use'],
    accounts: (accounts) => {
      const seen = new Map<string, Accounts['sessions'][number]>();
      return {
        change: (decide) =>
          accounts.change((all) => {
            const change = decide(all);
            for (const session of change.save?.sessions ?? []) seen.set(session.id, session);
            return change;
          }),
        async noteUse(kind, id, atMs) {
          const session = seen.get(id);
          if (!session || kind !== 'sessions') return accounts.noteUse(kind, id, atMs);
          return accounts.change(() => ({
            result: undefined,
            save: { sessions: [{ ...session, lastUsedAtMs: atMs }] },
          }));
        },
      };
    },
  },
  'tells the first event of a change alone': {
    breaks: ['tells the events of a change with it'],
    accounts: (accounts) => ({
      change: (decide) =>
        accounts.change((all) => {
          const change = decide(all);
          return { ...change, events: change.events?.slice(0, 1) };
        }),
    }),
  },
  'takes what the decision throws for an error of the database': {
    breaks: ['rejects with what the decision throws'],
    accounts: (accounts) => ({
      change: (decide) =>
        accounts.change(decide).catch((error: unknown) => {
          throw new Error('The database does not answer', { cause: error });
        }),
    }),
  },
  'changes what it can, one account after the other': {
    breaks: ['changes and tells nothing if the decision throws'],
    accounts: (accounts) => ({
      change: async (decide) => {
        const { save = {}, ...change } = decide(await accounts.read());
        const { operators = [], ...others } = save;
        await accounts.change(() => ({ result: undefined, save: { operators } }));
        return accounts.change(() => ({ ...change, save: others }));
      },
    }),
  },
  'keeps the accounts that it was given, rather than copies': {
    breaks: ['accepts and returns accounts as copies'],
    accounts: (accounts) => {
      let shared: Accounts | undefined;
      return { read: async () => (shared ??= await accounts.read()) };
    },
  },
  'decides from what it has read before': {
    breaks: [
      'lets only one of many accept an invitation',
      'lets only one of many become the first operator',
      'loses no change of an account',
    ],
    accounts: (accounts) => ({
      async change(decide) {
        const before = await accounts.read();
        return accounts.change(() => decide(before));
      },
    }),
  },
  'keeps a token whole when it notes its use': {
    breaks: ['keeps a token revoked that others use meanwhile'],
    accounts: (accounts) => ({ noteUse: (kind, id, atMs) => saveUse(accounts, kind, id, atMs) }),
  },
};

/** As it was before others could change it. */
async function saveUse(accounts: AccountStore, kind: keyof Accounts, id: string, atMs: number): Promise<void> {
  const used = (await accounts.read()).apiTokens.find((apiToken) => apiToken.id === id);
  if (kind !== 'apiTokens' || !used) return accounts.noteUse('sessions', id, atMs);
  return saveAccounts(accounts, { apiTokens: [{ ...used, lastUsedAtMs: atMs }] });
}
