import { COMMANDS_KEPT_MS, type CreateNodeOutcome, type FleetStore, type NodeCounts } from '../../fleet/fleet-store.js';
import { type HistoryKept, oldestSlotMs } from '../../fleet/history.js';
import { joinTokenState } from '../../fleet/join-token.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import type { Database } from './database.js';
import { joinTokenOf, type JoinTokenRow, storedNodeOf, type StoredNodeRow } from './rows.js';
import { statements } from './statement.js';

type NodeOperations = Pick<
  FleetStore,
  'createNode' | 'findNode' | 'findNodeByTokenHash' | 'listNodes' | 'countNodes' | 'replaceNode' | 'removeNode' | 'tidy'
>;

export function createNodeOperations(
  { query, transaction }: Database,
  schema: string,
  historyKept: HistoryKept,
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
        const created = await inTransaction.query(node.create, [...nodeValues(record), acceptedBootId(record)]);
        // Another join token may have let it in since.
        return created.length > 0 ? 'created' : 'node-exists';
      }),

    async findNode(nodeId) {
      const [row] = await query<StoredNodeRow>(node.find, [nodeId]);
      return row && storedNodeOf(row);
    },

    async findNodeByTokenHash(tokenHash) {
      const [row] = await query<StoredNodeRow>(node.findByTokenHash, [tokenHash]);
      return row && storedNodeOf(row);
    },

    listNodes: async ({ afterNodeId = '', limit }) =>
      (await query<StoredNodeRow>(node.list, [afterNodeId, limit])).map(storedNodeOf),

    async countNodes(nowMs) {
      const [counts] = await query<NodeCounts>(node.count, [nowMs]);
      return counts ?? { active: 0, online: 0, pending: 0, revoked: 0 };
    },

    async replaceNode(record) {
      const replaced = await query(node.replace, [...nodeValues(record), acceptedBootId(record)]);
      return replaced.length > 0;
    },

    removeNode: (nodeId) =>
      transaction(async (inTransaction) => {
        // Its commands in the order in which whoever takes several takes them.
        await inTransaction.query(node.lock, [nodeId]);
        await inTransaction.query(node.lockCommands, [nodeId]);
        return (await inTransaction.query(node.remove, [nodeId])).length > 0;
      }),

    async tidy(nowMs) {
      const drop = async (statement: typeof node.dropHistory, values: unknown[]): Promise<boolean> => {
        const [row] = await query<{ dropped: number }>(statement, [...values, DROPPED_AT_ONCE]);
        return row?.dropped === DROPPED_AT_ONCE;
      };
      const isMore = [
        await drop(node.dropCommands, [nowMs - COMMANDS_KEPT_MS]),
        await drop(node.dropHistory, ['detail', oldestSlotMs(nowMs, 'detail', historyKept)]),
        await drop(node.dropHistory, ['hours', oldestSlotMs(nowMs, 'hours', historyKept)]),
      ];
      return isMore.includes(true);
    },
  };
}

const DROPPED_AT_ONCE = 1000;

interface NewNodeFacts {
  is_known: boolean;
  pending_count: number;
}

/** $1 to $8 of `create` and `replace`. */
function nodeValues(record: NodeRecord): unknown[] {
  return [
    record.nodeId,
    record.revision,
    record.joinTokenId,
    record.approvedAtMs ?? null,
    record.revokedAtMs ?? null,
    record.currentToken?.hash ?? null,
    record.nextToken?.hash ?? null,
    JSON.stringify(record),
  ];
}

/** The process whose reports are kept. */
function acceptedBootId({ revokedAtMs, bootId }: NodeRecord): string | null {
  return revokedAtMs === undefined ? bootId : null;
}

function nodeStatements(schema: string) {
  const storedNode = `
    SELECT
      node.record, node.revision,
      presence.boot_id, presence.sequence, presence.received_at_ms, presence.expected_by_ms, presence.vitals,
      presence.running_command,
      status.boot_id AS status_boot_id, status.received_at_ms AS status_received_at_ms, status.hash AS status_hash,
      (SELECT max(expires_at_ms) FROM ${schema}.command WHERE command.node_id = node.node_id) AS commands_until_ms
    FROM ${schema}.node JOIN ${schema}.presence USING (node_id) LEFT JOIN ${schema}.status USING (node_id)`;

  return statements('node', {
    lockJoinToken: `
      SELECT record, used_count, revoked_at_ms FROM ${schema}.join_token WHERE id = $1 FOR NO KEY UPDATE`,
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
        INSERT INTO ${schema}.presence (node_id, accepted_boot_id) SELECT node_id, $9 FROM created
      )
      UPDATE ${schema}.join_token SET used_count = used_count + 1 FROM created WHERE id = $3 RETURNING id`,
    find: `${storedNode} WHERE node.node_id = $1`,
    findByTokenHash: `${storedNode} WHERE node.current_token_hash = $1 OR node.next_token_hash = $1`,
    list: `${storedNode} WHERE node.node_id > $1 ORDER BY node.node_id LIMIT $2`,
    // An approval comes before the first heartbeat, and is never taken back.
    count: `
      SELECT
        (SELECT count(*) FROM ${schema}.node WHERE approved_at_ms IS NOT NULL AND revoked_at_ms IS NULL) AS active,
        (SELECT count(*) FROM ${schema}.presence WHERE accepted_boot_id IS NOT NULL AND expected_by_ms > $1) AS online,
        (SELECT count(*) FROM ${schema}.node WHERE approved_at_ms IS NULL AND revoked_at_ms IS NULL) AS pending,
        (SELECT count(*) FROM ${schema}.node WHERE revoked_at_ms IS NOT NULL) AS revoked`,
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
    remove: `DELETE FROM ${schema}.node WHERE node_id = $1 RETURNING node_id`,

    // Rows that someone has locked are left for later, so that this waits for nobody.
    dropCommands: `
      WITH old AS MATERIALIZED (
        SELECT position FROM ${schema}.command WHERE expires_at_ms <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED
      ), dropped AS (
        DELETE FROM ${schema}.command USING old WHERE command.position = old.position RETURNING 1
      )
      SELECT count(*) AS dropped FROM dropped`,
    dropHistory: `
      WITH old AS MATERIALIZED (
        SELECT node_id, resolution, start_ms FROM ${schema}.history
        WHERE resolution = $1 AND start_ms < $2 LIMIT $3 FOR UPDATE SKIP LOCKED
      ), dropped AS (
        DELETE FROM ${schema}.history USING old
        WHERE history.node_id = old.node_id AND history.resolution = old.resolution AND history.start_ms = old.start_ms
        RETURNING 1
      )
      SELECT count(*) AS dropped FROM dropped`,
  });
}
