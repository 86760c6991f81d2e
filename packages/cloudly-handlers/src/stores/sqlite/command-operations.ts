import type { FleetStore } from '../../fleet/fleet-store.js';
import { commandColumns, commandOf, type CommandRow } from '../records/rows.js';
import type { Database } from './database.js';

type CommandOperations = Pick<
  FleetStore,
  'addCommand' | 'cancelCommand' | 'offerCommands' | 'saveCommandResults' | 'listCommands'
>;

export function createCommandOperations({ prepare, read, write }: Database): CommandOperations {
  const command = commandStatements(prepare);

  return {
    addCommand: (nodeId, record) =>
      write(() => {
        if (!command.isNodeKnown.get(nodeId)) return 'node-unknown';
        if (command.find.get(nodeId, record.id)) return 'command-exists';
        command.insert.run(commandColumns(nodeId, record));
        return 'added';
      }),

    cancelCommand: (nodeId, commandId, cancelledAtMs) =>
      write(() => {
        const row = command.cancel.get(cancelledAtMs, nodeId, commandId);
        return row && commandOf(row);
      }),

    offerCommands: async (nodeId, nowMs, limit) => {
      const readDue = () => command.due.all(nodeId, nowMs, limit).map(commandOf);
      const due = await read(readDue);
      if (due.every(({ listedAtMs }) => listedAtMs !== undefined)) return due;
      return write(() => {
        for (const { id } of readDue()) command.list.run(nowMs, nodeId, id);
        return readDue();
      });
    },

    saveCommandResults: async (nodeId, results, receivedAtMs) => {
      const takeResults = () =>
        results.flatMap(({ id, ...result }) => {
          const row = command.finish.get(JSON.stringify({ ...result, receivedAtMs }), nodeId, id);
          return row ? [commandOf(row)] : [];
        });
      return results.length === 0 ? [] : write(takeResults);
    },

    listCommands: (nodeId, limit) => read(() => command.newest.all(nodeId, limit).map(commandOf)),
  };
}

function commandStatements(prepare: Database['prepare']) {
  const columns = 'record, listed_at_ms, cancelled_at_ms, result';

  return {
    isNodeKnown: prepare('SELECT 1 FROM node WHERE node_id = ?'),
    find: prepare<CommandRow>(`SELECT ${columns} FROM command WHERE node_id = ? AND id = ?`),
    insert: prepare(`
    INSERT INTO command (
      node_id, id, queued_at_ms, expires_at_ms, listed_at_ms, cancelled_at_ms, result, record
    ) VALUES (
      :node_id, :id, :queued_at_ms, :expires_at_ms, :listed_at_ms, :cancelled_at_ms, :result, :record
    )`),
    cancel: prepare<CommandRow>(`
    UPDATE command
    SET cancelled_at_ms = CASE WHEN result IS NULL THEN coalesce(cancelled_at_ms, ?) ELSE cancelled_at_ms END
    WHERE node_id = ? AND id = ? RETURNING ${columns}`),
    due: prepare<CommandRow>(`
    SELECT ${columns} FROM command
    WHERE node_id = ? AND expires_at_ms > ? AND cancelled_at_ms IS NULL AND result IS NULL
    ORDER BY queued_at_ms, position LIMIT ?`),
    list: prepare('UPDATE command SET listed_at_ms = coalesce(listed_at_ms, ?) WHERE node_id = ? AND id = ?'),
    finish: prepare<CommandRow>(
      `UPDATE command SET result = ? WHERE node_id = ? AND id = ? AND result IS NULL RETURNING ${columns}`,
    ),
    newest: prepare<CommandRow>(`
    SELECT ${columns} FROM command WHERE node_id = ? ORDER BY queued_at_ms DESC, position DESC LIMIT ?`),
  };
}
