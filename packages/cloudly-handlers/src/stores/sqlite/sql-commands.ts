import type { DatabaseSync } from 'node:sqlite';
import type { FleetStore } from '../../fleet/fleet-store.js';
import type { Connection } from './connection.js';
import { commandOf, commandParameters } from './rows.js';

type CommandOperations = Pick<
  FleetStore,
  'addCommand' | 'cancelCommand' | 'offerCommands' | 'saveCommandResults' | 'listCommands'
>;

export function createSqlCommands({ database, read, write }: Connection): CommandOperations {
  const statements = prepareStatements(database);

  return {
    addCommand: (nodeId, command) =>
      write(() => {
        if (!statements.isNodeKnown.get(nodeId)) return 'node-unknown';
        if (statements.command.get(nodeId, command.id)) return 'command-exists';
        statements.insert.run(commandParameters(nodeId, command));
        return 'added';
      }),

    cancelCommand: (nodeId, commandId, cancelledAtMs) =>
      write(() => {
        statements.cancel.run(cancelledAtMs, nodeId, commandId);
        const row = statements.command.get(nodeId, commandId);
        return row && commandOf(row);
      }),

    offerCommands: async (nodeId, nowMs, limit) => {
      const readDue = () => statements.due.all(nodeId, nowMs, limit).map(commandOf);
      const due = await read(readDue);
      if (due.every(({ listedAtMs }) => listedAtMs !== undefined)) return due;
      return write(() => {
        for (const { id } of readDue()) statements.list.run(nowMs, nodeId, id);
        return readDue();
      });
    },

    saveCommandResults: async (nodeId, results, receivedAtMs) => {
      const takeResults = () =>
        results.flatMap(({ id, ...result }) => {
          const row = statements.finish.get(JSON.stringify({ ...result, receivedAtMs }), nodeId, id);
          return row ? [commandOf(row)] : [];
        });
      return results.length === 0 ? [] : write(takeResults);
    },

    listCommands: (nodeId, limit) => read(() => statements.newest.all(nodeId, limit).map(commandOf)),
  };
}

function prepareStatements(database: DatabaseSync) {
  return {
    isNodeKnown: database.prepare('SELECT 1 FROM node WHERE node_id = ?'),
    command: database.prepare('SELECT * FROM command WHERE node_id = ? AND id = ?'),
    insert: database.prepare(`
    INSERT INTO command (
      node_id, id, kind, force, app_id, service, queued_at_ms, expires_at_ms, listed_at_ms, cancelled_at_ms, result
    ) VALUES (
      :node_id, :id, :kind, :force, :app_id, :service, :queued_at_ms, :expires_at_ms, :listed_at_ms, :cancelled_at_ms, :result
    )`),
    cancel: database.prepare(`
    UPDATE command SET cancelled_at_ms = ?
    WHERE node_id = ? AND id = ? AND cancelled_at_ms IS NULL AND result IS NULL`),
    due: database.prepare(`
    SELECT * FROM command
    WHERE node_id = ? AND expires_at_ms > ? AND cancelled_at_ms IS NULL AND result IS NULL
    ORDER BY queued_at_ms, position LIMIT ?`),
    list: database.prepare('UPDATE command SET listed_at_ms = coalesce(listed_at_ms, ?) WHERE node_id = ? AND id = ?'),
    finish: database.prepare(
      'UPDATE command SET result = ? WHERE node_id = ? AND id = ? AND result IS NULL RETURNING *',
    ),
    newest: database.prepare(
      'SELECT * FROM command WHERE node_id = ? ORDER BY queued_at_ms DESC, position DESC LIMIT ?',
    ),
  };
}
