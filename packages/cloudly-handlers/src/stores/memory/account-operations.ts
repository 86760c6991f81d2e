import type { AccountStore } from '../../accounts/account-store.js';
import {
  type AccountRow,
  accountRows,
  accountsOf,
  type FoundRow,
  foundApiToken,
  foundSession,
  removedAccounts,
} from '../records/account-rows.js';
import type { EventLog } from './event-log.js';

/** Keeps rows, as a database does: so nobody shares a record with it. */
export function createAccountOperations({ tell }: EventLog): AccountStore {
  const rows = new Map<string, AccountRow>();
  const keyOf = ({ kind, id }: Pick<AccountRow, 'kind' | 'id'>): string => `${kind} ${id}`;

  const find = (hash: string): FoundRow | undefined => {
    const row = [...rows.values()].find((candidate) => candidate.hash === hash);
    if (!row) return undefined;
    const owner = rows.get(keyOf({ kind: 'operators', id: row.owner_id ?? '' }));
    return { ...row, owner_record: owner?.record ?? null };
  };

  const requireOwnHashes = (saved: readonly AccountRow[]): void => {
    const all = new Map([...rows, ...saved.map((row) => [keyOf(row), row] as const)]);
    const hashes = [...all.values()].flatMap(({ hash }) => (hash === null ? [] : [hash]));
    if (new Set(hashes).size < hashes.length) throw new TypeError('Two accounts would have the same hash');
  };

  return {
    read: async () => accountsOf([...rows.values()]),

    async change(decide) {
      const change = decide(accountsOf([...rows.values()]));
      const saved = accountRows(change);
      requireOwnHashes(saved);
      for (const row of saved) {
        const usedAtMs = Math.max(rows.get(keyOf(row))?.used_at_ms ?? 0, row.used_at_ms);
        rows.set(keyOf(row), { ...row, used_at_ms: usedAtMs });
      }
      for (const removed of removedAccounts(change)) rows.delete(keyOf(removed));
      tell(change.events ?? []);
      return change.result;
    },

    findSession: async (hash) => foundSession(find(hash)),

    findApiToken: async (hash) => foundApiToken(find(hash)),

    async noteUse(kind, id, atMs) {
      const row = rows.get(keyOf({ kind, id }));
      if (row && row.used_at_ms < atMs) row.used_at_ms = atMs;
    },
  };
}
