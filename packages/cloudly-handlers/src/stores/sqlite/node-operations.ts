import type { NodeStore } from '../../fleet/node-store.js';
import { joinTokenState } from '../../fleet/join-token.js';
import {
  acceptedBootId,
  joinTokenOf,
  type JoinTokenRow,
  nodeColumns,
  storedNodeOf,
  type StoredNodeRow,
} from '../records/rows.js';
import type { Database } from './database.js';

type NodeOperations = Pick<
  NodeStore,
  'createNode' | 'findNode' | 'findNodeByTokenHash' | 'listNodes' | 'replaceNode' | 'removeNode'
>;

export function createNodeOperations({ prepare, read, write }: Database): NodeOperations {
  const node = nodeStatements(prepare);

  return {
    createNode: (record, nowMs) =>
      write(() => {
        if (node.isKnown.get(record.nodeId)) return 'node-exists';
        const tokenRow = node.joinToken.get(record.joinTokenId);
        const joinToken = tokenRow && joinTokenOf(tokenRow);
        if (!joinToken || joinTokenState(joinToken, nowMs) !== 'usable') return 'join-token-not-usable';
        const isPending = record.approvedAtMs === undefined && record.revokedAtMs === undefined;
        if (isPending && joinToken.maxPending !== undefined) {
          const pendingCount = node.countPending.get(record.joinTokenId)?.pending_count ?? 0;
          if (pendingCount >= joinToken.maxPending) return 'too-many-pending';
        }
        node.countUse.run(record.joinTokenId);
        node.insert.run(nodeColumns(record));
        node.insertPresence.run(record.nodeId, acceptedBootId(record));
        return 'created';
      }),

    findNode: (nodeId) =>
      read(() => {
        const row = node.find.get(nodeId);
        return row && storedNodeOf(row);
      }),

    findNodeByTokenHash: (tokenHash) =>
      read(() => {
        const row = node.findByTokenHash.get(tokenHash, tokenHash);
        return row && storedNodeOf(row);
      }),

    listNodes: ({ afterNodeId = '', limit }) => read(() => node.list.all(afterNodeId, limit).map(storedNodeOf)),

    replaceNode: (record) =>
      write(() => {
        const isReplaced = node.replace.run(nodeColumns(record)).changes === 1;
        if (isReplaced) node.replacePresence.run(acceptedBootId(record), record.nodeId);
        return isReplaced;
      }),

    removeNode: (nodeId) => write(() => node.remove.run(nodeId).changes === 1),
  };
}

function nodeStatements(prepare: Database['prepare']) {
  const storedNode = `
    SELECT
      node.record, node.revision, presence.last_heartbeat, presence.status_head,
      (SELECT max(expires_at_ms) FROM command WHERE command.node_id = node.node_id) AS commands_until_ms
    FROM node JOIN presence USING (node_id)`;

  return {
    isKnown: prepare('SELECT 1 FROM node WHERE node_id = ?'),
    joinToken: prepare<JoinTokenRow>(
      'SELECT record, used_count, revoked_at_ms, revoked_reason FROM join_token WHERE id = ?',
    ),
    countPending: prepare<{ pending_count: number }>(`
    SELECT count(*) AS pending_count FROM node
    WHERE join_token_id = ? AND approved_at_ms IS NULL AND revoked_at_ms IS NULL`),
    countUse: prepare('UPDATE join_token SET used_count = used_count + 1 WHERE id = ?'),
    insert: prepare(`
    INSERT INTO node (
      node_id, revision, join_token_id, approved_at_ms, revoked_at_ms, current_token_hash, next_token_hash, record
    ) VALUES (
      :node_id, :revision, :join_token_id, :approved_at_ms, :revoked_at_ms, :current_token_hash, :next_token_hash, :record
    )`),
    insertPresence: prepare('INSERT INTO presence (node_id, accepted_boot_id) VALUES (?, ?)'),

    find: prepare<StoredNodeRow>(`${storedNode} WHERE node.node_id = ?`),
    findByTokenHash: prepare<StoredNodeRow>(
      `${storedNode} WHERE node.current_token_hash = ? OR node.next_token_hash = ?`,
    ),
    list: prepare<StoredNodeRow>(`${storedNode} WHERE node.node_id > ? ORDER BY node.node_id LIMIT ?`),

    replace: prepare(`
    UPDATE node SET
      revision = revision + 1, join_token_id = :join_token_id, approved_at_ms = :approved_at_ms,
      revoked_at_ms = :revoked_at_ms, current_token_hash = :current_token_hash, next_token_hash = :next_token_hash,
      record = :record
    WHERE node_id = :node_id AND revision = :revision`),
    replacePresence: prepare('UPDATE presence SET accepted_boot_id = ? WHERE node_id = ?'),

    remove: prepare('DELETE FROM node WHERE node_id = ?'),
  };
}
