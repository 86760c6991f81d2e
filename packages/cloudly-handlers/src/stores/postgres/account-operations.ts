import type { AccountChange, AccountStore } from '../../accounts/account-store.js';
import type { Accounts } from '../../accounts/accounts.js';
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
import type { Queries } from './database.js';
import { saveRows } from './save-rows.js';
import { statements } from './statement.js';
import type { Telling } from './telling.js';

export function createAccountOperations({ query, transaction }: Telling, schema: string): AccountStore {
  const account = accountStatements(schema);
  const readAll = async (queries: Queries) => accountsOf(await queries.query<AccountRecordRow>(account.list));
  const find = async (hash: string) => (await query<FoundRow>(account.find, [hash]))[0];

  return {
    read: () => readAll({ query }),

    async change(decide) {
      const outcome = await transaction(async (queries) => {
        await queries.query(account.lock);
        const decided = decideFrom(decide, await readAll(queries));
        if ('refusal' in decided) return decided;
        await saveRows(queries, account.save, accountRows(decided));
        await saveRows(queries, account.remove, removedAccounts(decided));
        queries.tell(decided.events ?? []);
        return decided;
      });
      if ('refusal' in outcome) throw outcome.refusal;
      return outcome.result;
    },

    findSession: async (hash) => foundSession(await find(hash)),

    findApiToken: async (hash) => foundApiToken(await find(hash)),

    async noteUse(kind, id, atMs) {
      await query(account.noteUse, [kind, id, atMs]);
    },
  };
}

/** What a decision throws says nothing about the connection, and is not to end it. */
function decideFrom<Result>(
  decide: (accounts: Accounts) => AccountChange<Result>,
  accounts: Accounts,
): AccountChange<Result> | { refusal: unknown } {
  try {
    return decide(accounts);
  } catch (refusal) {
    return { refusal };
  }
}

function accountStatements(schema: string) {
  const table = `${schema}.account`;
  return statements('account', {
    // One change after the other. Reading goes on meanwhile; noting a use waits.
    lock: `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`,
    list: `SELECT ${accountRowColumns} FROM ${table} ORDER BY position`,
    find: `
      SELECT found.kind, found.used_at_ms, found.record, owner.record AS owner_record
      FROM ${table} AS found LEFT JOIN ${table} AS owner ON owner.kind = 'operators' AND owner.id = found.owner_id
      WHERE found.hash = $1`,
    save: `
      INSERT INTO ${table} AS account (kind, id, hash, owner_id, used_at_ms, record)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[])
      ON CONFLICT (kind, id) DO UPDATE SET
        hash = excluded.hash, owner_id = excluded.owner_id,
        used_at_ms = greatest(account.used_at_ms, excluded.used_at_ms), record = excluded.record`,
    remove: `
      DELETE FROM ${table} USING unnest($1::text[], $2::text[]) AS gone (kind, id)
      WHERE account.kind = gone.kind AND account.id = gone.id`,
    noteUse: `UPDATE ${table} SET used_at_ms = $3 WHERE kind = $1 AND id = $2 AND used_at_ms < $3`,
  });
}
