import type { DatabaseSync } from 'node:sqlite';
import type { FleetStore } from '../fleet-store.js';
import { joinTokenState } from '../join-token.js';
import {
  joinTokenOf,
  joinTokenParameters,
  nodeParameters,
  storedNodeColumns,
  storedNodeOf,
  storedStatusOf,
} from './rows.js';
import { transaction } from './transaction.js';

/** The store's operations on an open, migrated database. All take place within one turn of the event loop. */
export const createSqlStore = (database: DatabaseSync): FleetStore => {
  const statements = prepareStatements(database);

  return {
    cloudlyId: async () => String(statements.cloudlyId.get()?.['cloudly_id']),

    async addJoinToken(joinToken) {
      statements.insertJoinToken.run(joinTokenParameters(joinToken));
    },

    async findJoinToken(id) {
      const row = statements.joinToken.get(id);
      return row && joinTokenOf(row);
    },

    listJoinTokens: async () => statements.joinTokens.all().map(joinTokenOf),

    async revokeJoinToken(id, revokedAtMs) {
      const row = statements.revokeJoinToken.get(revokedAtMs, id);
      return row && joinTokenOf(row);
    },

    createNode: async (node, nowMs) =>
      transaction(database, () => {
        if (statements.node.get(node.nodeId)) return 'node-exists';
        const joinToken = statements.joinToken.get(node.joinTokenId);
        if (!joinToken || joinTokenState(joinTokenOf(joinToken), nowMs) !== 'usable') return 'join-token-not-usable';
        statements.countJoinTokenUse.run(node.joinTokenId);
        statements.insertNode.run(nodeParameters(node));
        return 'created';
      }),

    async findNode(nodeId) {
      const row = statements.node.get(nodeId);
      return row && storedNodeOf(row);
    },

    async findNodeByTokenHash(tokenHash) {
      const row = statements.nodeByTokenHash.get(tokenHash, tokenHash);
      return row && storedNodeOf(row);
    },

    listNodes: async ({ afterNodeId = '', limit }) => statements.nodes.all(afterNodeId, limit).map(storedNodeOf),

    async findStatus(nodeId) {
      const row = statements.status.get(nodeId);
      return row && storedStatusOf(row);
    },

    async replaceNode(node) {
      return statements.replaceNode.run(nodeParameters(node)).changes === 1;
    },

    saveReport: async (nodeId, report) =>
      transaction(database, () => {
        const { bootId, sequence, receivedAtMs, vitals, runningCommand, status, statusHash } = report;
        if (!statements.acceptsReport.get(nodeId, bootId, bootId, sequence)) return false;
        if (vitals) {
          statements.saveHeartbeat.run(
            nodeId,
            bootId,
            sequence,
            receivedAtMs,
            JSON.stringify(vitals),
            runningCommand ? JSON.stringify(runningCommand) : null,
          );
        }
        if (status) {
          statements.saveStatus.run(nodeId, bootId, receivedAtMs, statusHash ?? null, JSON.stringify(status));
        }
        return true;
      }),
  };
};

const prepareStatements = (database: DatabaseSync) => ({
  cloudlyId: database.prepare('SELECT cloudly_id FROM cloudly'),

  insertJoinToken: database.prepare(`
    INSERT INTO join_token (id, hash, created_at_ms, expires_at_ms, max_uses, used_count, requires_approval, revoked_at_ms)
    VALUES (:id, :hash, :created_at_ms, :expires_at_ms, :max_uses, :used_count, :requires_approval, :revoked_at_ms)`),
  joinToken: database.prepare('SELECT * FROM join_token WHERE id = ?'),
  joinTokens: database.prepare('SELECT * FROM join_token ORDER BY created_at_ms, rowid'),
  revokeJoinToken: database.prepare(
    'UPDATE join_token SET revoked_at_ms = coalesce(revoked_at_ms, ?) WHERE id = ? RETURNING *',
  ),
  countJoinTokenUse: database.prepare('UPDATE join_token SET used_count = used_count + 1 WHERE id = ?'),

  node: database.prepare(`SELECT ${storedNodeColumns} WHERE node.node_id = ?`),
  nodeByTokenHash: database.prepare(
    `SELECT ${storedNodeColumns} WHERE node.current_token_hash = ? OR node.next_token_hash = ?`,
  ),
  nodes: database.prepare(`SELECT ${storedNodeColumns} WHERE node.node_id > ? ORDER BY node.node_id LIMIT ?`),
  insertNode: database.prepare(`
    INSERT INTO node (
      node_id, revision, registration_key_hash, approval_code, join_token_id,
      registered_at_ms, approved_at_ms, revoked_at_ms,
      current_token_id, current_token_hash, current_token_issued_at_ms,
      next_token_id, next_token_hash, next_token_issued_at_ms,
      boot_id, superseded_boots
    ) VALUES (
      :node_id, :revision, :registration_key_hash, :approval_code, :join_token_id,
      :registered_at_ms, :approved_at_ms, :revoked_at_ms,
      :current_token_id, :current_token_hash, :current_token_issued_at_ms,
      :next_token_id, :next_token_hash, :next_token_issued_at_ms,
      :boot_id, :superseded_boots
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
      current_token_id = :current_token_id,
      current_token_hash = :current_token_hash,
      current_token_issued_at_ms = :current_token_issued_at_ms,
      next_token_id = :next_token_id,
      next_token_hash = :next_token_hash,
      next_token_issued_at_ms = :next_token_issued_at_ms,
      boot_id = :boot_id,
      superseded_boots = :superseded_boots
    WHERE node_id = :node_id AND revision = :revision`),

  acceptsReport: database.prepare(`
    SELECT 1 FROM node LEFT JOIN heartbeat USING (node_id)
    WHERE node.node_id = ? AND node.revoked_at_ms IS NULL AND node.boot_id = ?
      AND (heartbeat.boot_id IS NOT ? OR heartbeat.sequence < ?)`),
  saveHeartbeat: database.prepare(`
    INSERT OR REPLACE INTO heartbeat (node_id, boot_id, sequence, received_at_ms, vitals, running_command)
    VALUES (?, ?, ?, ?, ?, ?)`),
  status: database.prepare(`
    SELECT boot_id AS status_boot_id, received_at_ms AS status_received_at_ms, hash AS status_hash, status
    FROM status WHERE node_id = ?`),
  saveStatus: database.prepare(`
    INSERT OR REPLACE INTO status (node_id, boot_id, received_at_ms, hash, status) VALUES (?, ?, ?, ?, ?)`),
});
