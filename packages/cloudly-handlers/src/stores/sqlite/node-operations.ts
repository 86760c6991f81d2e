import { approvalOf } from '../../facts/approval.js';
import { joinTokenState } from '../../fleet/join-token.js';
import type { NodeStore } from '../../fleet/node-store.js';
import { changesOfRemoval } from '../../events/node-changes.js';
import { shownName } from '../../facts/node-facts.js';
import { type Behalf, instantOf } from '../records/behalf.js';
import { nodeEvents } from '../records/node-events.js';
import { deriveCreated, deriveReplaced } from '../records/derive-node.js';
import { firstProfile } from '../records/first-profile.js';
import {
  acceptedBootId,
  joinTokenOf,
  type JoinTokenRow,
  nodeColumns,
  storedNodeOf,
  type StoredNodeRow,
} from '../records/rows.js';
import type { Database } from './database.js';
import type { FactsKeeping } from './facts-keeping.js';
import type { FleetDatabase } from './fleet-database.js';

type NodeOperations = Pick<
  NodeStore,
  'createNode' | 'findNode' | 'findNodeByTokenHash' | 'listNodes' | 'replaceNode' | 'removeNode'
>;

export function createNodeOperations(database: FleetDatabase, facts: FactsKeeping) {
  const { prepare, read, readOf, isVisible, write, tell } = database;
  const node = nodeStatements(prepare);

  return (behalf: Behalf): NodeOperations => ({
    createNode: (record, nowMs) =>
      write(() => {
        const { nodeId } = record;
        if (node.isKnown.get(nodeId)) return 'node-exists';
        const tokenRow = node.joinToken.get(record.joinTokenId);
        const joinToken = tokenRow && joinTokenOf(tokenRow);
        if (!joinToken || joinTokenState(joinToken, nowMs) !== 'usable') return 'join-token-not-usable';
        if (approvalOf(record) === 'pending' && joinToken.maxPending !== undefined) {
          const pendingCount = node.countPending.get(record.joinTokenId)?.pending_count ?? 0;
          if (pendingCount >= joinToken.maxPending) return 'too-many-pending';
        }
        node.countUse.run(record.joinTokenId);
        node.insert.run(nodeColumns(record));
        node.insertPresence.run(nodeId, acceptedBootId(record));
        const profile = firstProfile(record, joinToken);
        facts.keepProfile(profile);
        const occasion = { atMs: nowMs, askingNodeId: nodeId };
        facts.keep(behalf, nodeId, deriveCreated(record, profile, nowMs), occasion);
        return 'created';
      }),

    findNode: (nodeId) =>
      readOf(
        behalf,
        nodeId,
        () => {
          const row = node.find.get(nodeId);
          return row && storedNodeOf(row);
        },
        undefined,
      ),

    findNodeByTokenHash: (tokenHash) =>
      read(() => {
        const row = node.findByTokenHash.get(tokenHash, tokenHash);
        return row && storedNodeOf(row);
      }),

    listNodes: ({ afterNodeId = '', limit }) => read(() => node.list.all(afterNodeId, limit).map(storedNodeOf)),

    replaceNode: (record) =>
      write(() => {
        const { nodeId, revision } = record;
        const sources = facts.sourcesOf(nodeId);
        if (sources?.node.revision !== revision || !isVisible(behalf, nodeId)) return false;
        node.replace.run(nodeColumns(record));
        node.replacePresence.run(acceptedBootId(record), nodeId);
        const replaced = deriveReplaced({ ...sources, node: record }, sources.node, instantOf(behalf));
        facts.keep(behalf, nodeId, replaced, { askingNodeId: nodeId });
        return true;
      }),

    removeNode: (nodeId) =>
      write(() => {
        const sources = facts.sourcesOf(nodeId);
        if (!sources || !isVisible(behalf, nodeId)) return false;
        // Before it is gone, because its events are of its registration.
        const changes = changesOfRemoval(shownName(sources.before.facts));
        tell(nodeEvents(behalf, nodeId, changes));
        node.remove.run(nodeId);
        return true;
      }),
  });
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
