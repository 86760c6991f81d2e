import { inScope } from './in-scope.js';
import { statements } from './statement.js';

export function nodeStatements(schema: string) {
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
      ), profiled AS (
        INSERT INTO ${schema}.node_profile (node_id, revision, record) SELECT node_id, $10, $11 FROM created
      )
      UPDATE ${schema}.join_token SET used_count = used_count + 1 FROM created WHERE id = $3 RETURNING id`,
    addLabels: `
      INSERT INTO ${schema}.node_label (node_id, key, value) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`,
    find: `${storedNode} WHERE node.node_id = $1 AND ${inScope(schema, 'node.node_id', '$2')}`,
    findByTokenHashes: `
      SELECT ${columns}, node.node_id, node.current_token_hash, node.next_token_hash, presence.version ${source}
      WHERE node.current_token_hash = ANY ($1::text[]) OR node.next_token_hash = ANY ($1::text[])`,
    // For both tables, or PostgreSQL reads the second one from its start.
    list: `${storedNode} WHERE node.node_id > $1 AND presence.node_id > $1 ORDER BY node.node_id LIMIT $2`,
    replace: `
      WITH before AS MATERIALIZED (
        SELECT node_id, record FROM ${schema}.node
        WHERE node_id = $1 AND revision = $2 AND ${inScope(schema, 'node.node_id', '$10')} FOR NO KEY UPDATE
      ), replaced AS (
        UPDATE ${schema}.node SET
          revision = revision + 1, join_token_id = $3, approved_at_ms = $4, revoked_at_ms = $5,
          current_token_hash = $6, next_token_hash = $7, record = $8
        FROM before WHERE node.node_id = before.node_id RETURNING node.node_id, before.record
      )
      UPDATE ${schema}.presence SET accepted_boot_id = $9 FROM replaced
      WHERE presence.node_id = replaced.node_id RETURNING replaced.record`,

    lock: `
      SELECT 1 FROM ${schema}.node WHERE node_id = $1 AND ${inScope(schema, 'node.node_id', '$2')} FOR UPDATE`,
    lockCommands: `
      SELECT FROM ${schema}.command WHERE node_id = $1 ORDER BY queued_at_ms, position FOR UPDATE`,
    removeHistory: `DELETE FROM ${schema}.history WHERE node_id = $1`,
    remove: `DELETE FROM ${schema}.node WHERE node_id = $1 RETURNING node_id`,
  });
}
