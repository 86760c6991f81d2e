import type { CommandOperations } from '../records/command-operations.js';
import {
  commandColumns,
  commandOf,
  type CommandRow,
  commandRowColumns as columns,
  progressOf,
} from '../records/rows.js';
import type { Database } from './database.js';
import { statements } from './statement.js';

export function createCommandOperations({ query, transaction }: Database, schema: string): CommandOperations {
  const command = commandStatements(schema);

  return {
    addCommand: (nodeId, record, dueMax) =>
      transaction(async (inTransaction) => {
        // The lock keeps the node from being removed meanwhile, and others from adding a command to it.
        const [known] = await inTransaction.query(command.lockNode, [nodeId]);
        if (!known) return 'node-unknown';
        const [existing] = await inTransaction.query(command.find, [nodeId, record.id]);
        if (existing) return 'command-exists';
        if (dueMax !== undefined) {
          const due = await inTransaction.query(command.due, [nodeId, record.queuedAtMs, dueMax]);
          if (due.length >= dueMax) return 'too-many-due';
        }
        await inTransaction.query(command.add, Object.values(commandColumns(nodeId, record)));
        return 'added';
      }),

    async findCommand(nodeId, commandId) {
      const [row] = await query<CommandRow>(command.find, [nodeId, commandId]);
      return row && commandOf(row);
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

    async saveProgress(nodeId, commandId, progress) {
      const values = [nodeId, commandId, JSON.stringify(progress), progress.reportedAtMs];
      const [row] = await query<CommandRow & { before: string | null }>(command.progress, values);
      return row && { command: commandOf(row), ...(row.before !== null && { before: progressOf(row.before) }) };
    },

    async endCommands(nowMs, limit) {
      const rows = await query<CommandRow & { node_id: string }>(command.end, [nowMs, limit]);
      return rows.map((row) => ({ nodeId: row.node_id, command: commandOf(row) }));
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
    SELECT ${columns} FROM ${schema}.command
    WHERE node_id = $1 AND expires_at_ms > $2 AND cancelled_at_ms IS NULL AND result IS NULL
    ORDER BY queued_at_ms, position LIMIT $3`;

  return statements('command', {
    lockNode: `SELECT 1 FROM ${schema}.node WHERE node_id = $1 FOR NO KEY UPDATE`,
    find: `SELECT ${columns} FROM ${schema}.command WHERE node_id = $1 AND id = $2`,
    add: `
      INSERT INTO ${schema}.command (
        node_id, id, queued_at_ms, expires_at_ms, ends_at_ms, listed_at_ms, running, cancelled_at_ms, ended_at_ms, result,
        record
      ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    cancel: `
      UPDATE ${schema}.command
      SET cancelled_at_ms = CASE WHEN result IS NULL THEN coalesce(cancelled_at_ms, $3) ELSE cancelled_at_ms END
      WHERE node_id = $1 AND id = $2 RETURNING ${columns}`,
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
      WHERE node_id = $1 ORDER BY queued_at_ms DESC, position DESC LIMIT $2`,
  });
}
