import { commandRowColumns as columns } from '../records/rows.js';
import { inScope } from './in-scope.js';
import { statements } from './statement.js';

export function commandStatements(schema: string) {
  const inScopeOf = (parameter: `$${number}`): string => inScope(schema, 'command.node_id', parameter);
  const due = `
    SELECT ${columns} FROM ${schema}.command
    WHERE node_id = $1 AND expires_at_ms > $2 AND cancelled_at_ms IS NULL AND ended_at_ms IS NULL AND result IS NULL
    ORDER BY queued_at_ms, position LIMIT $3`;

  return statements('command', {
    lockNode: `
      SELECT 1 FROM ${schema}.node WHERE node_id = $1 AND ${inScope(schema, 'node.node_id', '$2')} FOR NO KEY UPDATE`,
    find: `SELECT ${columns} FROM ${schema}.command WHERE node_id = $1 AND id = $2 AND ${inScopeOf('$3')}`,
    add: `
      INSERT INTO ${schema}.command (
        node_id, id, queued_at_ms, expires_at_ms, ends_at_ms, listed_at_ms, running, cancelled_at_ms, ended_at_ms, result,
        record
      ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    lock: `
      SELECT ${columns} FROM ${schema}.command
      WHERE node_id = $1 AND id = $2 AND ${inScopeOf('$3')} FOR NO KEY UPDATE`,
    cancel: `UPDATE ${schema}.command SET cancelled_at_ms = $3 WHERE node_id = $1 AND id = $2`,
    due,
    lockDue: `${due} FOR NO KEY UPDATE`,
    list: `
      UPDATE ${schema}.command SET listed_at_ms = coalesce(listed_at_ms, $3) WHERE node_id = $1 AND id = ANY ($2::text[])`,
    progress: `
      WITH old AS MATERIALIZED (
        SELECT position, running FROM ${schema}.command
        WHERE node_id = $1 AND id = $2 AND result IS NULL FOR NO KEY UPDATE
      )
      UPDATE ${schema}.command SET running = $3, listed_at_ms = coalesce(listed_at_ms, $4)
      FROM old WHERE command.position = old.position
      RETURNING record, listed_at_ms, command.running, cancelled_at_ms, ended_at_ms, result, old.running AS before`,
    // As the index command_end has it. Commands that another transaction has locked are left for later.
    end: `
      WITH time_up AS MATERIALIZED (
        SELECT position FROM ${schema}.command
        WHERE CASE WHEN listed_at_ms IS NULL THEN expires_at_ms ELSE ends_at_ms END <= $1
        AND result IS NULL AND ended_at_ms IS NULL LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
      )
      UPDATE ${schema}.command SET ended_at_ms = $1 FROM time_up WHERE command.position = time_up.position
      RETURNING node_id, ${columns}`,
    // In the order in which every transaction locks commands.
    finish: `
      WITH taken AS MATERIALIZED (
        SELECT position FROM ${schema}.command
        WHERE node_id = $1 AND id = ANY ($2::text[]) AND result IS NULL
        ORDER BY queued_at_ms, position FOR NO KEY UPDATE
      )
      UPDATE ${schema}.command SET result = new.result
      FROM taken, unnest($2::text[], $3::text[]) AS new (id, result)
      WHERE command.position = taken.position AND command.id = new.id
      RETURNING command.id, record, listed_at_ms, running, cancelled_at_ms, ended_at_ms, command.result`,
    newest: `
      SELECT ${columns} FROM ${schema}.command
      WHERE node_id = $1 AND ${inScopeOf('$3')} ORDER BY queued_at_ms DESC, position DESC LIMIT $2`,
  });
}
