import { changeOfCancelled, changeOfEnded, changeOfFinished, changeOfQueued } from '../../events/command-changes.js';
import { type Behalf, writtenEvent } from '../records/behalf.js';
import { nodeEvents } from '../records/node-events.js';
import { commandColumns, commandOf, type CommandRow, progressOf } from '../records/rows.js';
import type { CommandOperations } from '../records/store-operations.js';
import { commandStatements } from './command-statements.js';
import { scopeValue } from './in-scope.js';
import type { Telling } from './telling.js';

export function createCommandOperations({ query, transaction }: Telling, schema: string) {
  const command = commandStatements(schema);

  return (behalf: Behalf): CommandOperations => {
    const scope = scopeValue(behalf.scope);
    return {
      addCommand: (nodeId, record, dueMax) =>
        transaction(async (queries) => {
          // The lock keeps the node from being removed meanwhile, and others from adding a command to it.
          const [known] = await queries.query(command.lockNode, [nodeId, scope]);
          if (!known) return 'node-unknown';
          const [existing] = await queries.query(command.find, [nodeId, record.id, null]);
          if (existing) return 'command-exists';
          if (dueMax !== undefined) {
            const due = await queries.query(command.due, [nodeId, record.queuedAtMs, dueMax]);
            if (due.length >= dueMax) return 'too-many-due';
          }
          await queries.query(command.add, Object.values(commandColumns(nodeId, record)));
          queries.tell([writtenEvent(behalf, { nodeId, ...changeOfQueued(record) }, { atMs: record.queuedAtMs })]);
          return 'added';
        }),

      async findCommand(nodeId, commandId) {
        const [row] = await query<CommandRow>(command.find, [nodeId, commandId, scope]);
        return row && commandOf(row);
      },

      cancelCommand: (nodeId, commandId, cancelledAtMs) =>
        transaction(async (queries) => {
          const [row] = await queries.query<CommandRow>(command.lock, [nodeId, commandId, scope]);
          if (!row) return undefined;
          const before = commandOf(row);
          if (before.cancelledAtMs !== undefined || before.result) return before;
          await queries.query(command.cancel, [nodeId, commandId, cancelledAtMs]);
          const cancelled = { ...before, cancelledAtMs };
          queries.tell([writtenEvent(behalf, { nodeId, ...changeOfCancelled(cancelled) }, { atMs: cancelledAtMs })]);
          return cancelled;
        }),

      async offerCommands(nodeId, nowMs, limit) {
        const due = (await query<CommandRow>(command.due, [nodeId, nowMs, limit])).map(commandOf);
        if (due.every(({ listedAtMs }) => listedAtMs !== undefined)) return due;
        return transaction(async (queries) => {
          const locked = (await queries.query<CommandRow>(command.lockDue, [nodeId, nowMs, limit])).map(commandOf);
          const ids = locked.map(({ id }) => id);
          await queries.query(command.list, [nodeId, ids, nowMs]);
          for (const record of locked) record.listedAtMs ??= nowMs;
          return locked;
        });
      },

      async saveProgress(nodeId, commandId, progress) {
        const values = [nodeId, commandId, JSON.stringify(progress), progress.reportedAtMs];
        const [row] = await query<CommandRow & { before: string | null }>(command.progress, values);
        return row && { command: commandOf(row), ...(row.before !== null && { before: progressOf(row.before) }) };
      },

      endCommands: (nowMs, limit) =>
        transaction(async (queries) => {
          const rows = await queries.query<CommandRow & { node_id: string }>(command.end, [nowMs, limit]);
          const ended = rows.map((row) => ({ nodeId: row.node_id, command: commandOf(row) }));
          // A cancelled command had its end before.
          const told = ended.filter((each) => each.command.cancelledAtMs === undefined);
          queries.tell(
            told.map((each) => {
              const body = { nodeId: each.nodeId, ...changeOfEnded(each.command) };
              return writtenEvent(behalf, body, { atMs: nowMs });
            }),
          );
          return ended;
        }),

      async saveCommandResults(nodeId, results, receivedAtMs) {
        const first = new Map(results.toReversed().map(({ id, ...result }) => [id, { ...result, receivedAtMs }]));
        if (first.size === 0) return [];
        const ids = [...first.keys()];
        const texts = [...first.values()].map((result) => JSON.stringify(result));
        return transaction(async (queries) => {
          const rows = await queries.query<CommandRow & { id: string }>(command.finish, [nodeId, ids, texts]);
          const taken = new Map(rows.map((row) => [row.id, commandOf(row)]));
          const finished = [...new Set(results.map(({ id }) => id))].flatMap((id) => taken.get(id) ?? []);
          const changes = finished.flatMap((record) => changeOfFinished(record) ?? []);
          queries.tell(nodeEvents(behalf, nodeId, changes, { atMs: receivedAtMs, askingNodeId: nodeId }));
          return finished;
        });
      },

      listCommands: async (nodeId, limit) =>
        (await query<CommandRow>(command.newest, [nodeId, limit, scope])).map(commandOf),
    };
  };
}
