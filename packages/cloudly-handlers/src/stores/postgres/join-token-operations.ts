import type { FleetStore } from '../../fleet/fleet-store.js';
import type { Database } from './database.js';
import { joinTokenOf, type JoinTokenRow } from './rows.js';
import { statements } from './statement.js';

type JoinTokenOperations = Pick<
  FleetStore,
  'cloudlyId' | 'probe' | 'addJoinToken' | 'findJoinToken' | 'listJoinTokens' | 'revokeJoinToken'
>;

export function createJoinTokenOperations({ query }: Database, schema: string): JoinTokenOperations {
  const { cloudlyId, probe, add, find, list, revoke } = joinTokenStatements(schema);

  return {
    async cloudlyId() {
      const [row] = await query<{ cloudly_id: string }>(cloudlyId);
      return String(row?.cloudly_id);
    },

    async probe(nowMs) {
      await query(probe, [nowMs]);
    },

    async addJoinToken(joinToken) {
      const { id, hash, usedCount, revokedAtMs = null, revokedReason = null } = joinToken;
      await query(add, [id, hash, usedCount, revokedAtMs, revokedReason, JSON.stringify(joinToken)]);
    },

    async findJoinToken(id) {
      const [row] = await query<JoinTokenRow>(find, [id]);
      return row && joinTokenOf(row);
    },

    listJoinTokens: async () =>
      (await query<JoinTokenRow>(list)).map(joinTokenOf).toSorted((one, other) => one.createdAtMs - other.createdAtMs),

    async revokeJoinToken(id, revokedAtMs, revokedReason) {
      const [row] = await query<JoinTokenRow>(revoke, [id, revokedAtMs, revokedReason ?? null]);
      return row && joinTokenOf(row);
    },
  };
}

function joinTokenStatements(schema: string) {
  return statements('join_token', {
    cloudlyId: `SELECT cloudly_id FROM ${schema}.cloudly`,
    probe: `UPDATE ${schema}.cloudly SET probed_at_ms = $1`,
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
