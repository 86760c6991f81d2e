import type { CreateNodeOutcome, NodeStore } from '../../fleet/node-store.js';
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
import type { SeenPresences } from './seen-presences.js';
import { createTokenLookUps } from './token-look-ups.js';
import { statements } from './statement.js';

type NodeOperations = Pick<
  NodeStore,
  'createNode' | 'findNode' | 'findNodeByTokenHash' | 'listNodes' | 'replaceNode' | 'removeNode'
>;

export function createNodeOperations(
  { query, transaction }: Database,
  schema: string,
  seen: SeenPresences,
): NodeOperations {
  const node = nodeStatements(schema);

  return {
    createNode: (record, nowMs) =>
      transaction(async (inTransaction): Promise<CreateNodeOutcome> => {
        const [tokenRow] = await inTransaction.query<JoinTokenRow>(node.lockJoinToken, [record.joinTokenId]);
        const [facts] = await inTransaction.query<NewNodeFacts>(node.judge, [record.nodeId, record.joinTokenId]);
        if (facts?.is_known) return 'node-exists';
        const joinToken = tokenRow && joinTokenOf(tokenRow);
        if (!joinToken || joinTokenState(joinToken, nowMs) !== 'usable') return 'join-token-not-usable';
        const isPending = record.approvedAtMs === undefined && record.revokedAtMs === undefined;
        const maxPending = joinToken.maxPending ?? Infinity;
        if (isPending && Number(facts?.pending_count) >= maxPending) return 'too-many-pending';
        const created = await inTransaction.query(node.create, [
          ...Object.values(nodeColumns(record)),
          acceptedBootId(record),
        ]);
        // Another join token may have admitted it since.
        return created.length > 0 ? 'created' : 'node-exists';
      }),

    async findNode(nodeId) {
      const [row] = await query<StoredNodeRow>(node.find, [nodeId]);
      return row && storedNodeOf(row);
    },

    findNodeByTokenHash: createTokenLookUps(query, node.findByTokenHashes, seen.note),

    listNodes: async ({ afterNodeId = '', limit }) =>
      (await query<StoredNodeRow>(node.list, [afterNodeId, limit])).map(storedNodeOf),

    async replaceNode(record) {
      const replaced = await query(node.replace, [...Object.values(nodeColumns(record)), acceptedBootId(record)]);
      return replaced.length > 0;
    },

    removeNode: (nodeId) =>
      transaction(async (inTransaction) => {
        // Its commands in the order in which every transaction locks them.
        await inTransaction.query(node.lock, [nodeId]);
        await inTransaction.query(node.lockCommands, [nodeId]);
        const removed = await inTransaction.query(node.remove, [nodeId]);
        // After that no report of it can be kept, and all that were are seen.
        await inTransaction.query(node.removeHistory, [nodeId]);
        return removed.length > 0;
      }),
  };
}

interface NewNodeFacts {
  is_known: boolean;
  pending_count: number;
}

function nodeStatements(schema: string) {
  const columns = `
      node.record, node.revision, presence.last_heartbeat, presence.status_head,
      (SELECT max(expires_at_ms) FROM ${schema}.command WHERE command.node_id = node.node_id) AS commands_until_ms`;
  const source = `FROM ${schema}.node JOIN ${schema}.presence USING (node_id)`;
  const storedNode = `SELECT ${columns} ${source}`;

  return statements('node', {
    lockJoinToken: `
      SELECT record, used_count, revoked_at_ms, revoked_reason FROM ${schema}.join_token WHERE id = $1 FOR NO KEY UPDATE`,
    judge: `
      SELECT
        EXISTS (SELECT FROM ${schema}.node WHERE node_id = $1) AS is_known,
        (
          SELECT count(*) FROM ${schema}.node
          WHERE join_token_id = $2 AND approved_at_ms IS NULL AND revoked_at_ms IS NULL
        ) AS pending_count`,
    create: `
      WITH created AS (
        INSERT INTO ${schema}.node (
          node_id, revision, join_token_id, approved_at_ms, revoked_at_ms, current_token_hash, next_token_hash, record
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (node_id) DO NOTHING RETURNING node_id
      ), present AS (
        INSERT INTO ${schema}.presence (node_id, accepted_boot_id, version) SELECT node_id, $9, $2 FROM created
      )
      UPDATE ${schema}.join_token SET used_count = used_count + 1 FROM created WHERE id = $3 RETURNING id`,
    find: `${storedNode} WHERE node.node_id = $1`,
    findByTokenHashes: `
      SELECT ${columns}, node.node_id, node.current_token_hash, node.next_token_hash, presence.version ${source}
      WHERE node.current_token_hash = ANY ($1::text[]) OR node.next_token_hash = ANY ($1::text[])`,
    // For both tables, or PostgreSQL reads the second one from its start.
    list: `${storedNode} WHERE node.node_id > $1 AND presence.node_id > $1 ORDER BY node.node_id LIMIT $2`,
    replace: `
      WITH replaced AS (
        UPDATE ${schema}.node SET
          revision = revision + 1, join_token_id = $3, approved_at_ms = $4, revoked_at_ms = $5,
          current_token_hash = $6, next_token_hash = $7, record = $8
        WHERE node_id = $1 AND revision = $2 RETURNING node_id
      )
      UPDATE ${schema}.presence SET accepted_boot_id = $9 FROM replaced
      WHERE presence.node_id = replaced.node_id RETURNING presence.node_id`,

    lock: `SELECT FROM ${schema}.node WHERE node_id = $1 FOR UPDATE`,
    lockCommands: `
      SELECT FROM ${schema}.command WHERE node_id = $1 ORDER BY queued_at_ms, position FOR UPDATE`,
    removeHistory: `DELETE FROM ${schema}.history WHERE node_id = $1`,
    remove: `DELETE FROM ${schema}.node WHERE node_id = $1 RETURNING node_id`,
  });
}
