import { memberColumnNames } from '../records/rollout-rows.js';
import { commandRowColumns } from '../records/rows.js';
import { inScope } from './in-scope.js';
import { statements } from './statement.js';

/**
 * Every change locks in this order: the rollout; the nodes that get a command, by their IDs; members whose node it holds, by the
 * IDs of nodes, because of the index that lets one rollout hold a node; commands. Those need no order: a change of one rollout
 * never waits for a command of another one, and heartbeats, results and removals that lock commands hold those of one node, of
 * which a change has one at most. So nothing waits in a circle.
 */
export function rolloutStatements(schema: string) {
  const named = `unnest($1::text[], $2::text[]) AS named (node_id, id)`;
  const commandOfNamed = `command.node_id = named.node_id AND command.id = named.id`;
  const returned = commandRowColumns
    .split(', ')
    .map((column) => `command.${column}`)
    .join(', ');
  const newMembers = `
      INSERT INTO ${schema}.rollout_node AS member (${memberColumnNames.join(', ')})
      SELECT * FROM unnest(
        $1::text[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[],
        $10::integer[], $11::integer[], $12::text[], $13::boolean[]
      ) AS new (${memberColumnNames.join(', ')})
      ORDER BY new.node_id COLLATE "C"
      ON CONFLICT (rollout_id, node_id)`;
  const changed = memberColumnNames.map((name) => `${name} = excluded.${name}`).join(', ');

  return statements('rollout', {
    add: `
      INSERT INTO ${schema}.rollout (id, revision, state, is_unsettled, actor, created_at_ms, ended_at_ms, record)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING RETURNING 1`,
    // With the revision after the one that was read. Who waited for another change finds another revision.
    change: `
      UPDATE ${schema}.rollout
      SET revision = $2, state = $3, is_unsettled = $4, actor = $5, created_at_ms = $6, ended_at_ms = $7, record = $8
      WHERE id = $1 AND revision = $2 - 1 AND ($9::text IS NULL OR actor = $9) RETURNING 1`,
    countVisible: `
      SELECT count(*) AS visible_count FROM ${schema}.node
      WHERE node_id = ANY ($1::text[]) AND ${inScope(schema, 'node.node_id', '$2')}`,
    // Keeps the nodes from being removed, and hinders nothing else.
    lockNodes: `
      SELECT node_id FROM ${schema}.node WHERE node_id = ANY ($1::text[]) ORDER BY node_id FOR KEY SHARE`,
    clear: `DELETE FROM ${schema}.rollout_node WHERE rollout_id = $1`,
    addMembers: `${newMembers} DO NOTHING`,
    saveMembers: `${newMembers} DO UPDATE SET ${changed}`,
    release: `
      UPDATE ${schema}.rollout_node SET is_holding = false
      WHERE rollout_id = $1 AND state NOT IN ('offered', 'running') AND is_holding`,
    withdraw: `
      UPDATE ${schema}.command SET cancelled_at_ms = $3 FROM ${named} WHERE ${commandOfNamed}
      AND listed_at_ms IS NULL AND ended_at_ms IS NULL AND cancelled_at_ms IS NULL AND result IS NULL
      RETURNING command.node_id, ${returned}`,
    cancel: `
      UPDATE ${schema}.command SET cancelled_at_ms = $3 FROM ${named} WHERE ${commandOfNamed}
      AND cancelled_at_ms IS NULL AND result IS NULL
      RETURNING command.node_id, ${returned}`,
    offer: `
      INSERT INTO ${schema}.command (
        node_id, id, queued_at_ms, expires_at_ms, ends_at_ms, listed_at_ms, running, cancelled_at_ms, ended_at_ms, result,
        record
      )
      SELECT * FROM unnest(
        $1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::bigint[],
        $9::bigint[], $10::text[], $11::text[]
      ) ON CONFLICT (node_id, id) DO NOTHING RETURNING 1`,
  });
}
