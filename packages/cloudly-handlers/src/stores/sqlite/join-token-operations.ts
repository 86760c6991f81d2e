import type { NodeStore } from '../../fleet/node-store.js';
import { joinTokenColumns, joinTokenOf, type JoinTokenRow } from '../records/rows.js';
import type { Database } from './database.js';

type JoinTokenOperations = Pick<NodeStore, 'addJoinToken' | 'findJoinToken' | 'listJoinTokens' | 'revokeJoinToken'>;

export function createJoinTokenOperations({ prepare, read, write }: Database): JoinTokenOperations {
  const joinToken = joinTokenStatements(prepare);

  return {
    addJoinToken: (record) => write(() => void joinToken.add.run(joinTokenColumns(record))),

    findJoinToken: (id) =>
      read(() => {
        const row = joinToken.find.get(id);
        return row && joinTokenOf(row);
      }),

    listJoinTokens: () =>
      read(() =>
        joinToken.list
          .all()
          .map(joinTokenOf)
          .toSorted((one, other) => one.createdAtMs - other.createdAtMs),
      ),

    revokeJoinToken: (id, revokedAtMs, revokedReason) =>
      write(() => {
        const row = joinToken.revoke.get({ id, at_ms: revokedAtMs, reason: revokedReason ?? null });
        return row && joinTokenOf(row);
      }),
  };
}

function joinTokenStatements(prepare: Database['prepare']) {
  return {
    add: prepare(`
    INSERT INTO join_token (id, hash, used_count, revoked_at_ms, revoked_reason, record)
    VALUES (:id, :hash, :used_count, :revoked_at_ms, :revoked_reason, :record)`),
    find: prepare<JoinTokenRow>(
      'SELECT record, used_count, revoked_at_ms, revoked_reason FROM join_token WHERE id = ?',
    ),
    list: prepare<JoinTokenRow>(
      'SELECT record, used_count, revoked_at_ms, revoked_reason FROM join_token ORDER BY position',
    ),
    revoke: prepare<JoinTokenRow>(`
    UPDATE join_token SET
      revoked_reason = CASE WHEN revoked_at_ms IS NULL THEN :reason ELSE revoked_reason END,
      revoked_at_ms = coalesce(revoked_at_ms, :at_ms)
    WHERE id = :id
    RETURNING record, used_count, revoked_at_ms, revoked_reason`),
  };
}
