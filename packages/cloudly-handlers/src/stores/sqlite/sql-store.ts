import type { DatabaseSync } from 'node:sqlite';
import { COMMANDS_KEPT_MS, type FleetStore } from '../../fleet/fleet-store.js';
import { type HistoryKept, oldestSlotMs } from '../../fleet/history.js';
import { joinTokenState } from '../../fleet/join-token.js';
import type { Connection } from './connection.js';
import { joinTokenOf, joinTokenParameters, nodeParameters, storedNodeColumns, storedNodeOf } from './rows.js';
import { createSqlCommands } from './sql-commands.js';
import { createSqlReports } from './sql-reports.js';

export interface SqlStore extends FleetStore {
  /** Writes the reports that wait for their transaction. */
  flush(this: void): void;
}

/**
 * The store's operations on an open, migrated database. All take place within one turn of the event loop unless another
 * process holds the database, but for reports, of which many share a transaction.
 */
export function createSqlStore(connection: Connection, historyKept: HistoryKept): SqlStore {
  const { database, read, write } = connection;
  const statements = prepareStatements(database);

  return {
    ...createSqlReports(connection, historyKept),
    ...createSqlCommands(connection),

    probe: (nowMs) => write(() => void statements.probe.run(nowMs)),

    tidy: (nowMs) =>
      write(() => {
        let dropped = Number(statements.dropCommands.run(nowMs - COMMANDS_KEPT_MS, DROPPED_AT_ONCE).changes);
        for (const resolution of ['detail', 'hours'] as const) {
          const oldestMs = oldestSlotMs(nowMs, resolution, historyKept);
          dropped += Number(statements.dropHistory.run(resolution, oldestMs, DROPPED_AT_ONCE).changes);
        }
        return dropped >= DROPPED_AT_ONCE;
      }),

    countNodes: async (nowMs) => {
      const row = await read(() => statements.counts.get({ now_ms: nowMs }));
      const count = (name: string): number => Number(row?.[name] ?? 0);
      return { active: count('active'), online: count('online'), pending: count('pending'), revoked: count('revoked') };
    },

    cloudlyId: () => read(() => String(statements.cloudlyId.get()?.['cloudly_id'])),

    addJoinToken: (joinToken) => write(() => void statements.insertJoinToken.run(joinTokenParameters(joinToken))),

    findJoinToken: (id) =>
      read(() => {
        const row = statements.joinToken.get(id);
        return row && joinTokenOf(row);
      }),

    listJoinTokens: () => read(() => statements.joinTokens.all().map(joinTokenOf)),

    revokeJoinToken: (id, revokedAtMs, revokedReason) =>
      write(() => {
        const row = statements.revokeJoinToken.get({
          id,
          revoked_at_ms: revokedAtMs,
          revoked_reason: revokedReason ?? null,
        });
        return row && joinTokenOf(row);
      }),

    createNode: (node, nowMs) =>
      write(() => {
        if (statements.node.get(node.nodeId)) return 'node-exists';
        const joinToken = statements.joinToken.get(node.joinTokenId);
        if (!joinToken || joinTokenState(joinTokenOf(joinToken), nowMs) !== 'usable') return 'join-token-not-usable';
        const isPending = node.approvedAtMs === undefined && node.revokedAtMs === undefined;
        if (isPending && Number(statements.freePendingPlaces.get(node.joinTokenId)?.['places'] ?? 1) < 1) {
          return 'too-many-pending';
        }
        statements.countJoinTokenUse.run(node.joinTokenId);
        statements.insertNode.run(nodeParameters(node));
        return 'created';
      }),

    findNode: (nodeId) =>
      read(() => {
        const row = statements.node.get(nodeId);
        return row && storedNodeOf(row);
      }),

    findNodeByTokenHash: (tokenHash) =>
      read(() => {
        const row = statements.nodeByTokenHash.get(tokenHash, tokenHash);
        return row && storedNodeOf(row);
      }),

    listNodes: ({ afterNodeId = '', limit }) => read(() => statements.nodes.all(afterNodeId, limit).map(storedNodeOf)),

    replaceNode: (node) => write(() => statements.replaceNode.run(nodeParameters(node)).changes === 1),

    removeNode: (nodeId) =>
      write(() => {
        for (const table of ['history', 'command', 'status', 'heartbeat'] as const)
          statements.remove[table].run(nodeId);
        return statements.remove.node.run(nodeId).changes === 1;
      }),
  };
}

/** Other requests wait meanwhile. */
const DROPPED_AT_ONCE = 1000;

function prepareStatements(database: DatabaseSync) {
  return {
    cloudlyId: database.prepare('SELECT cloudly_id FROM cloudly'),
    probe: database.prepare('UPDATE cloudly SET probed_at_ms = ?'),

    insertJoinToken: database.prepare(`
    INSERT INTO join_token (
      id, hash, created_at_ms, expires_at_ms, max_uses, used_count, requires_approval, max_pending,
      revoked_at_ms, revoked_reason
    ) VALUES (
      :id, :hash, :created_at_ms, :expires_at_ms, :max_uses, :used_count, :requires_approval, :max_pending,
      :revoked_at_ms, :revoked_reason
    )`),
    joinToken: database.prepare('SELECT * FROM join_token WHERE id = ?'),
    joinTokens: database.prepare('SELECT * FROM join_token ORDER BY created_at_ms, rowid'),
    revokeJoinToken: database.prepare(`
    UPDATE join_token SET
      revoked_reason = CASE WHEN revoked_at_ms IS NULL THEN :revoked_reason ELSE revoked_reason END,
      revoked_at_ms = coalesce(revoked_at_ms, :revoked_at_ms)
    WHERE id = :id RETURNING *`),
    countJoinTokenUse: database.prepare('UPDATE join_token SET used_count = used_count + 1 WHERE id = ?'),

    /** NULL where there is no bound. */
    freePendingPlaces: database.prepare(`
    SELECT max_pending - (
      SELECT count(*) FROM node WHERE join_token_id = join_token.id AND approved_at_ms IS NULL AND revoked_at_ms IS NULL
    ) AS places
    FROM join_token WHERE id = ?`),

    node: database.prepare(`SELECT ${storedNodeColumns} WHERE node.node_id = ?`),
    nodeByTokenHash: database.prepare(
      `SELECT ${storedNodeColumns} WHERE node.current_token_hash = ? OR node.next_token_hash = ?`,
    ),
    nodes: database.prepare(`SELECT ${storedNodeColumns} WHERE node.node_id > ? ORDER BY node.node_id LIMIT ?`),
    insertNode: database.prepare(`
    INSERT INTO node (
      node_id, revision, registration_key_hash, approval_code, join_token_id,
      registered_at_ms, approved_at_ms, revoked_at_ms, rebind_until_ms, rebind_approval_code,
      current_token_id, current_token_hash, current_token_issued_at_ms,
      next_token_id, next_token_hash, next_token_issued_at_ms, rotation_demanded_at_ms,
      boot_id, superseded_boots, clone_suspected_at_ms, clone_resolution
    ) VALUES (
      :node_id, :revision, :registration_key_hash, :approval_code, :join_token_id,
      :registered_at_ms, :approved_at_ms, :revoked_at_ms, :rebind_until_ms, :rebind_approval_code,
      :current_token_id, :current_token_hash, :current_token_issued_at_ms,
      :next_token_id, :next_token_hash, :next_token_issued_at_ms, :rotation_demanded_at_ms,
      :boot_id, :superseded_boots, :clone_suspected_at_ms, :clone_resolution
    )`),
    replaceNode: database.prepare(`
    UPDATE node SET
      revision = :revision + 1,
      registration_key_hash = :registration_key_hash,
      approval_code = :approval_code,
      join_token_id = :join_token_id,
      registered_at_ms = :registered_at_ms,
      approved_at_ms = :approved_at_ms,
      revoked_at_ms = :revoked_at_ms,
      rebind_until_ms = :rebind_until_ms,
      rebind_approval_code = :rebind_approval_code,
      current_token_id = :current_token_id,
      current_token_hash = :current_token_hash,
      current_token_issued_at_ms = :current_token_issued_at_ms,
      next_token_id = :next_token_id,
      next_token_hash = :next_token_hash,
      next_token_issued_at_ms = :next_token_issued_at_ms,
      rotation_demanded_at_ms = :rotation_demanded_at_ms,
      boot_id = :boot_id,
      superseded_boots = :superseded_boots,
      clone_suspected_at_ms = :clone_suspected_at_ms,
      clone_resolution = :clone_resolution
    WHERE node_id = :node_id AND revision = :revision`),

    counts: database.prepare(`
    WITH revoked_node AS (SELECT node_id FROM node WHERE revoked_at_ms IS NOT NULL)
    SELECT
      (SELECT count(*) FROM node WHERE approved_at_ms IS NOT NULL AND revoked_at_ms IS NULL) AS active,
      (SELECT count(*) FROM node WHERE approved_at_ms IS NULL AND revoked_at_ms IS NULL) AS pending,
      (SELECT count(*) FROM revoked_node) AS revoked,
      (SELECT count(*) FROM heartbeat WHERE expected_by_ms > :now_ms) - (
        SELECT count(*) FROM revoked_node CROSS JOIN heartbeat USING (node_id) WHERE expected_by_ms > :now_ms
      ) AS online`),

    dropCommands: database.prepare(`
    DELETE FROM command WHERE position IN (SELECT position FROM command WHERE expires_at_ms <= ? LIMIT ?)`),
    dropHistory: database.prepare(`
    DELETE FROM history WHERE (node_id, resolution, start_ms) IN (
      SELECT node_id, resolution, start_ms FROM history WHERE resolution = ? AND start_ms < ? LIMIT ?
    )`),

    remove: {
      history: database.prepare('DELETE FROM history WHERE node_id = ?'),
      command: database.prepare('DELETE FROM command WHERE node_id = ?'),
      status: database.prepare('DELETE FROM status WHERE node_id = ?'),
      heartbeat: database.prepare('DELETE FROM heartbeat WHERE node_id = ?'),
      node: database.prepare('DELETE FROM node WHERE node_id = ?'),
    },
  };
}
