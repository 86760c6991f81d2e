import { changeOfJoinToken, changeOfRevokedJoinToken } from '../../events/join-token-changes.js';
import { type Behalf, isVisibleJoinToken, requireVisibleJoinToken, writtenEvent } from '../records/behalf.js';
import { joinTokenColumns, joinTokenOf, type JoinTokenRow } from '../records/rows.js';
import type { JoinTokenOperations } from '../records/store-operations.js';
import { statements } from './statement.js';
import type { Telling } from './telling.js';

export function createJoinTokenOperations({ query, transaction }: Telling, schema: string) {
  const joinToken = joinTokenStatements(schema);

  return (behalf: Behalf): JoinTokenOperations => {
    const visible = (rows: readonly JoinTokenRow[]) =>
      rows.map(joinTokenOf).filter((record) => isVisibleJoinToken(behalf, record));

    return {
      async addJoinToken(record) {
        requireVisibleJoinToken(behalf, record);
        await transaction(async (queries) => {
          await queries.query(joinToken.add, Object.values(joinTokenColumns(record)));
          queries.tell([writtenEvent(behalf, changeOfJoinToken(record), { atMs: record.createdAtMs })]);
        });
      },

      async findJoinToken(id) {
        return visible(await query<JoinTokenRow>(joinToken.find, [id]))[0];
      },

      listJoinTokens: async () =>
        visible(await query<JoinTokenRow>(joinToken.list)).toSorted(
          (one, other) => one.createdAtMs - other.createdAtMs,
        ),

      revokeJoinToken: (id, revokedAtMs, revokedReason) =>
        transaction(async (queries) => {
          const [before] = visible(await queries.query<JoinTokenRow>(joinToken.lock, [id]));
          if (!before || before.revokedAtMs !== undefined) return before;
          const values = [id, revokedAtMs, revokedReason ?? null];
          const [revoked] = visible(await queries.query<JoinTokenRow>(joinToken.revoke, values));
          if (revoked) queries.tell([writtenEvent(behalf, changeOfRevokedJoinToken(revoked), { atMs: revokedAtMs })]);
          return revoked;
        }),
    };
  };
}

function joinTokenStatements(schema: string) {
  const find = `SELECT record, used_count, revoked_at_ms, revoked_reason FROM ${schema}.join_token`;
  return statements('join_token', {
    add: `
      INSERT INTO ${schema}.join_token (id, hash, used_count, revoked_at_ms, revoked_reason, record)
      VALUES ($1, $2, $3, $4, $5, $6)`,
    find: `${find} WHERE id = $1`,
    list: `${find} ORDER BY position`,
    lock: `${find} WHERE id = $1 FOR NO KEY UPDATE`,
    revoke: `
      UPDATE ${schema}.join_token SET revoked_at_ms = $2, revoked_reason = $3 WHERE id = $1
      RETURNING record, used_count, revoked_at_ms, revoked_reason`,
  });
}
