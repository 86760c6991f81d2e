import type { FleetStore } from '../../fleet/fleet-store.js';
import { commandColumns, commandOf, type CommandRow } from '../records/rows.js';
import type { Database } from './database.js';
import { statements } from './statement.js';

type CommandOperations = Pick<
  FleetStore,
  'addCommand' | 'cancelCommand' | 'offerCommands' | 'saveCommandResults' | 'listCommands'
>;

export function createCommandOperations({ query, transaction }: Database, schema: string): CommandOperations {
  const command = commandStatements(schema);

  return {
    async addCommand(nodeId, record) {
      const values = Object.values(commandColumns(nodeId, record));
      const [outcome] = await query<{ is_known: boolean; is_added: boolean }>(command.add, values);
      if (!outcome?.is_known) return 'node-unknown';
      return outcome.is_added ? 'added' : 'command-exists';
    },

    async cancelCommand(nodeId, commandId, cancelledAtMs) {
      const [row] = await query<CommandRow>(command.cancel, [nodeId, commandId, cancelledAtMs]);
      return row && commandOf(row);
    },

    async offerCommands(nodeId, nowMs, limit) {
      const due = (await query<CommandRow>(command.due, [nodeId, nowMs, limit])).map(commandOf);
      if (due.every(({ listedAtMs }) => listedAtMs !== undefined)) return due;
      return transaction(async (inTransaction) => {
        const locked = (await inTransaction.query<CommandRow>(command.lockDue, [nodeId, nowMs, limit])).map(commandOf);
        const ids = locked.map(({ id }) => id);
        await inTransaction.query(command.list, [nodeId, ids, nowMs]);
        for (const record of locked) record.listedAtMs ??= nowMs;
        return locked;
      });
    },

    async saveCommandResults(nodeId, results, receivedAtMs) {
      const first = new Map(results.toReversed().map(({ id, ...result }) => [id, { ...result, receivedAtMs }]));
      if (first.size === 0) return [];
      const ids = [...first.keys()];
      const texts = [...first.values()].map((result) => JSON.stringify(result));
      const rows = await query<CommandRow & { id: string }>(command.finish, [nodeId, ids, texts]);
      const taken = new Map(rows.map((row) => [row.id, commandOf(row)]));
      return [...new Set(results.map(({ id }) => id))].flatMap((id) => taken.get(id) ?? []);
    },

    listCommands: async (nodeId, limit) => (await query<CommandRow>(command.newest, [nodeId, limit])).map(commandOf),
  };
}

function commandStatements(schema: string) {
  const due = `
    SELECT record, listed_at_ms, cancelled_at_ms, result FROM ${schema}.command
    WHERE node_id = $1 AND expires_at_ms > $2 AND cancelled_at_ms IS NULL AND result IS NULL
    ORDER BY queued_at_ms, position LIMIT $3`;

  return statements('command', {
    // The lock keeps the node from being removed meanwhile.
    add: `
      WITH known AS MATERIALIZED (
        SELECT node_id FROM ${schema}.node WHERE node_id = $1 FOR KEY SHARE
      ), added AS (
        INSERT INTO ${schema}.command (
          node_id, id, queued_at_ms, expires_at_ms, listed_at_ms, cancelled_at_ms, result, record
        ) SELECT node_id, $2, $3::bigint, $4::bigint, $5::bigint, $6::bigint, $7, $8 FROM known
        ON CONFLICT (node_id, id) DO NOTHING RETURNING 1
      )
      SELECT EXISTS (SELECT FROM known) AS is_known, EXISTS (SELECT FROM added) AS is_added`,
    cancel: `
      UPDATE ${schema}.command
      SET cancelled_at_ms = CASE WHEN result IS NULL THEN coalesce(cancelled_at_ms, $3) ELSE cancelled_at_ms END
      WHERE node_id = $1 AND id = $2 RETURNING record, listed_at_ms, cancelled_at_ms, result`,
    due,
    lockDue: `${due} FOR NO KEY UPDATE`,
    list: `
      UPDATE ${schema}.command SET listed_at_ms = coalesce(listed_at_ms, $3) WHERE node_id = $1 AND id = ANY ($2::text[])`,
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
      RETURNING command.id, record, listed_at_ms, cancelled_at_ms, command.result`,
    newest: `
      SELECT record, listed_at_ms, cancelled_at_ms, result FROM ${schema}.command
      WHERE node_id = $1 ORDER BY queued_at_ms DESC, position DESC LIMIT $2`,
  });
}
