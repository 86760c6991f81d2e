import { changeOfJoinToken, changeOfRevokedJoinToken } from '../../events/join-token-changes.js';
import { type Behalf, isVisibleJoinToken, requireVisibleJoinToken, writtenEvent } from '../records/behalf.js';
import { joinTokenColumns, joinTokenOf, type JoinTokenRow } from '../records/rows.js';
import type { JoinTokenOperations } from '../records/store-operations.js';
import type { Database } from './database.js';
import type { FleetDatabase } from './fleet-database.js';

export function createJoinTokenOperations({ prepare, read, write, tell }: FleetDatabase) {
  const joinToken = joinTokenStatements(prepare);

  return (behalf: Behalf): JoinTokenOperations => {
    const find = (id: string) => {
      const row = joinToken.find.get(id);
      const record = row && joinTokenOf(row);
      return record && isVisibleJoinToken(behalf, record) ? record : undefined;
    };

    return {
      async addJoinToken(record) {
        requireVisibleJoinToken(behalf, record);
        await write(() => {
          joinToken.add.run(joinTokenColumns(record));
          tell([writtenEvent(behalf, changeOfJoinToken(record), { atMs: record.createdAtMs })]);
        });
      },

      findJoinToken: (id) => read(() => find(id)),

      listJoinTokens: () =>
        read(() =>
          joinToken.list
            .all()
            .map(joinTokenOf)
            .filter((record) => isVisibleJoinToken(behalf, record))
            .toSorted((one, other) => one.createdAtMs - other.createdAtMs),
        ),

      revokeJoinToken: (id, revokedAtMs, revokedReason) =>
        write(() => {
          const before = find(id);
          if (!before || before.revokedAtMs !== undefined) return before;
          const row = joinToken.revoke.get({ id, at_ms: revokedAtMs, reason: revokedReason ?? null });
          const after = row && joinTokenOf(row);
          if (after) tell([writtenEvent(behalf, changeOfRevokedJoinToken(after), { atMs: revokedAtMs })]);
          return after;
        }),
    };
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
    UPDATE join_token SET revoked_at_ms = :at_ms, revoked_reason = :reason WHERE id = :id
    RETURNING record, used_count, revoked_at_ms, revoked_reason`),
  };
}
