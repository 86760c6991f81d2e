import { changeOfCancelled, changeOfEnded, changeOfFinished, changeOfQueued } from '../../events/command-changes.js';
import type { CommandRecord } from '../../fleet/command-record.js';
import { type Behalf, writtenEvent } from '../records/behalf.js';
import { nodeEvents } from '../records/node-events.js';
import { commandColumns, commandOf, type CommandRow, progressOf } from '../records/rows.js';
import type { CommandOperations } from '../records/store-operations.js';
import { commandStatements } from './command-statements.js';
import type { FleetDatabase } from './fleet-database.js';

export function createCommandOperations({ prepare, read, readOf, isVisible, write, tell }: FleetDatabase) {
  const command = commandStatements(prepare);

  return (behalf: Behalf): CommandOperations => ({
    addCommand: (nodeId, record, dueMax) =>
      write(() => {
        if (!command.isNodeKnown.get(nodeId) || !isVisible(behalf, nodeId)) return 'node-unknown';
        if (command.find.get(nodeId, record.id)) return 'command-exists';
        const due = dueMax === undefined ? [] : command.due.all(nodeId, record.queuedAtMs, dueMax);
        if (dueMax !== undefined && due.length >= dueMax) return 'too-many-due';
        command.insert.run(commandColumns(nodeId, record));
        tell([writtenEvent(behalf, { nodeId, ...changeOfQueued(record) }, { atMs: record.queuedAtMs })]);
        return 'added';
      }),

    findCommand: (nodeId, commandId) =>
      readOf(behalf, nodeId, () => findCommand(command.find.get(nodeId, commandId)), undefined),

    cancelCommand: (nodeId, commandId, cancelledAtMs) =>
      write(() => {
        const before = command.find.get(nodeId, commandId);
        if (!before || !isVisible(behalf, nodeId)) return undefined;
        if (before.cancelled_at_ms !== null || before.result !== null) return commandOf(before);
        const after = findCommand(command.cancel.get(cancelledAtMs, nodeId, commandId));
        if (after) tell([writtenEvent(behalf, { nodeId, ...changeOfCancelled(after) }, { atMs: cancelledAtMs })]);
        return after;
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

    saveProgress: (nodeId, commandId, progress) =>
      write(() => {
        const before = command.find.get(nodeId, commandId)?.running;
        const row = command.progress.get(JSON.stringify(progress), progress.reportedAtMs, nodeId, commandId);
        return row && { command: commandOf(row), ...(before && { before: progressOf(before) }) };
      }),

    endCommands: async (nowMs, limit) => {
      const isNone = (await read(() => command.timeUp.get(nowMs, 1))) === undefined;
      if (isNone) return [];
      return write(() =>
        command.timeUp.all(nowMs, limit).flatMap(({ position }) => {
          const row = command.end.get(nowMs, position);
          if (!row) return [];
          const ended = { nodeId: row.node_id, command: commandOf(row) };
          const change = { nodeId: ended.nodeId, ...changeOfEnded(ended.command) };
          // A cancelled command had its end before.
          if (row.cancelled_at_ms === null) tell([writtenEvent(behalf, change, { atMs: nowMs })]);
          return [ended];
        }),
      );
    },

    saveCommandResults: async (nodeId, results, receivedAtMs) => {
      const takeResults = () =>
        results.flatMap(({ id, ...result }) => {
          const row = command.finish.get(JSON.stringify({ ...result, receivedAtMs }), nodeId, id);
          if (!row) return [];
          const finished = commandOf(row);
          const change = changeOfFinished(finished);
          const occasion = { atMs: receivedAtMs, askingNodeId: nodeId };
          if (change) tell(nodeEvents(behalf, nodeId, [change], occasion));
          return [finished];
        });
      return results.length === 0 ? [] : write(takeResults);
    },

    listCommands: (nodeId, limit) => readOf(behalf, nodeId, () => command.newest.all(nodeId, limit).map(commandOf), []),
  });
}

function findCommand(row: CommandRow | undefined): CommandRecord | undefined {
  return row && commandOf(row);
}
