import type { AccountStore } from '../../accounts/account-store.js';
import {
  accountRowColumns,
  type AccountRecordRow,
  accountRows,
  accountsOf,
  type FoundRow,
  foundApiToken,
  foundSession,
  removedAccounts,
} from '../records/account-rows.js';
import type { FleetDatabase } from './fleet-database.js';

export function createAccountOperations({ prepare, read, write, tell }: FleetDatabase): AccountStore {
  const account = accountStatements(prepare);
  const readAll = () => accountsOf(account.list.all());

  return {
    read: () => read(readAll),

    change: (decide) =>
      write(() => {
        const change = decide(readAll());
        for (const row of accountRows(change)) account.save.run({ ...row });
        for (const { kind, id } of removedAccounts(change)) account.remove.run(kind, id);
        tell(change.events ?? []);
        return change.result;
      }),

    findSession: (hash) => read(() => foundSession(account.find.get(hash))),

    findApiToken: (hash) => read(() => foundApiToken(account.find.get(hash))),

    noteUse: (kind, id, atMs) => write(() => void account.noteUse.run({ kind, id, at_ms: atMs })),
  };
}

function accountStatements(prepare: FleetDatabase['prepare']) {
  return {
    list: prepare<AccountRecordRow>(`SELECT ${accountRowColumns} FROM account ORDER BY position`),
    find: prepare<FoundRow>(`
    SELECT found.kind, found.used_at_ms, found.record, owner.record AS owner_record
    FROM account AS found LEFT JOIN account AS owner ON owner.kind = 'operators' AND owner.id = found.owner_id
    WHERE found.hash = ?`),
    save: prepare(`
    INSERT INTO account (kind, id, hash, owner_id, used_at_ms, record)
    VALUES (:kind, :id, :hash, :owner_id, :used_at_ms, :record)
    ON CONFLICT (kind, id) DO UPDATE SET
      hash = excluded.hash, owner_id = excluded.owner_id,
      used_at_ms = max(account.used_at_ms, excluded.used_at_ms), record = excluded.record`),
    remove: prepare('DELETE FROM account WHERE kind = ? AND id = ?'),
    noteUse: prepare('UPDATE account SET used_at_ms = :at_ms WHERE kind = :kind AND id = :id AND used_at_ms < :at_ms'),
  };
}
