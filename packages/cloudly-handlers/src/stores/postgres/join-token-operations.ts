import type { NodeStore } from '../../fleet/node-store.js';
import { joinTokenColumns, joinTokenOf, type JoinTokenRow } from '../records/rows.js';
import type { Database } from './database.js';
import { statements } from './statement.js';

type JoinTokenOperations = Pick<NodeStore, 'addJoinToken' | 'findJoinToken' | 'listJoinTokens' | 'revokeJoinToken'>;

export function createJoinTokenOperations({ query }: Database, schema: string): JoinTokenOperations {
  const joinToken = joinTokenStatements(schema);

  return {
    async addJoinToken(record) {
      await query(joinToken.add, Object.values(joinTokenColumns(record)));
    },

    async findJoinToken(id) {
      const [row] = await query<JoinTokenRow>(joinToken.find, [id]);
      return row && joinTokenOf(row);
    },

    listJoinTokens: async () =>
      (await query<JoinTokenRow>(joinToken.list))
        .map(joinTokenOf)
        .toSorted((one, other) => one.createdAtMs - other.createdAtMs),

    async revokeJoinToken(id, revokedAtMs, revokedReason) {
      const [row] = await query<JoinTokenRow>(joinToken.revoke, [id, revokedAtMs, revokedReason ?? null]);
      return row && joinTokenOf(row);
    },
  };
}

function joinTokenStatements(schema: string) {
  return statements('join_token', {
    add: `
      INSERT INTO ${schema}.join_token (id, hash, used_count, revoked_at_ms, revoked_reason, record)
      VALUES ($1, $2, $3, $4, $5, $6)`,
    find: `SELECT record, used_count, revoked_at_ms, revoked_reason FROM ${schema}.join_token WHERE id = $1`,
    list: `SELECT record, used_count, revoked_at_ms, revoked_reason FROM ${schema}.join_token ORDER BY position`,
    revoke: `
      UPDATE ${schema}.join_token SET
        revoked_reason = CASE WHEN revoked_at_ms IS NULL THEN $3 ELSE revoked_reason END,
        revoked_at_ms = coalesce(revoked_at_ms, $2)
      WHERE id = $1
      RETURNING record, used_count, revoked_at_ms, revoked_reason`,
  });
}
