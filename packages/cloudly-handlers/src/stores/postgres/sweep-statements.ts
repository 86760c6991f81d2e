import { statements } from './statement.js';

export function sweepStatements(schema: string) {
  return statements('sweep', {
    due: `
      SELECT node_id FROM ${schema}.node_watch WHERE check_at_ms <= $1
      ORDER BY check_at_ms LIMIT $2 FOR UPDATE SKIP LOCKED`,
    read: `
      SELECT node.node_id, node.approved_at_ms, node.revoked_at_ms, presence.last_heartbeat, node_fact.state,
        node_fact.quiet_since_ms
      FROM ${schema}.node
      JOIN ${schema}.presence ON presence.node_id = node.node_id
      JOIN ${schema}.node_fact ON node_fact.node_id = node.node_id
      WHERE node.node_id = ANY ($1::text[])`,
    lock: `
      SELECT node_id FROM ${schema}.presence WHERE node_id = ANY ($1::text[]) FOR NO KEY UPDATE SKIP LOCKED`,
    lockOutdated: `
      SELECT presence.node_id FROM ${schema}.node_fact JOIN ${schema}.presence ON presence.node_id = node_fact.node_id
      WHERE node_fact.facts_version < $1 LIMIT $2 FOR NO KEY UPDATE OF presence SKIP LOCKED`,
  });
}
