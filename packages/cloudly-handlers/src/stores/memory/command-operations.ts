import { changeOfCancelled, changeOfEnded, changeOfFinished, changeOfQueued } from '../../events/command-changes.js';
import type { NodeChange } from '../../events/fleet-event.js';
import { isTimeUp } from '../../fleet/command-end.js';
import type { CommandRecord } from '../../fleet/command-record.js';
import type { EndedCommand } from '../../fleet/node-store.js';
import type { Behalf, Occasion } from '../records/behalf.js';
import type { CommandOperations } from '../records/store-operations.js';
import { copy } from './copy.js';
import { findEntry, type MemoryFleet, tellChanges } from './memory-fleet.js';
import type { NodeEntry } from './node-entry.js';

export function createCommandOperations(fleet: MemoryFleet, behalf: Behalf): CommandOperations {
  const find = (nodeId: string): NodeEntry | undefined => findEntry(fleet, behalf, nodeId);
  const commandOf = (nodeId: string, commandId: string): CommandRecord | undefined =>
    find(nodeId)?.commands.find(({ id }) => id === commandId);
  const tell = (nodeId: string, change: NodeChange | undefined, occasion: Occasion): void => {
    const entry = find(nodeId);
    if (entry && change) tellChanges(fleet, entry, [change], { behalf, ...occasion });
  };

  return {
    async addCommand(nodeId, command, dueMax = Infinity) {
      const entry = find(nodeId);
      if (!entry) return 'node-unknown';
      if (commandOf(nodeId, command.id)) return 'command-exists';
      const due = entry.commands.filter((other) => isDue(other, command.queuedAtMs));
      if (due.length >= dueMax) return 'too-many-due';
      entry.commands.push(copy(command));
      tell(nodeId, changeOfQueued(command), { atMs: command.queuedAtMs });
      return 'added';
    },

    findCommand: async (nodeId, commandId) => copy(commandOf(nodeId, commandId)),

    async cancelCommand(nodeId, commandId, cancelledAtMs) {
      const command = commandOf(nodeId, commandId);
      if (command && !command.result && command.cancelledAtMs === undefined) {
        command.cancelledAtMs = cancelledAtMs;
        tell(nodeId, changeOfCancelled(command), { atMs: cancelledAtMs });
      }
      return copy(command);
    },

    async offerCommands(nodeId, nowMs, limit) {
      const { commands = [] } = find(nodeId) ?? {};
      const due = commands.filter((command) => isDue(command, nowMs) && command.endedAtMs === undefined);
      const offered = inQueueOrder(due).slice(0, limit);
      for (const command of offered) command.listedAtMs ??= nowMs;
      return offered.map(copy);
    },

    async saveProgress(nodeId, commandId, progress) {
      const command = commandOf(nodeId, commandId);
      if (!command || command.result) return undefined;
      const { running: before } = command;
      command.running = copy(progress);
      command.listedAtMs ??= progress.reportedAtMs;
      return { command: copy(command), ...(before && { before: copy(before) }) };
    },

    async endCommands(nowMs, limit) {
      const ended: EndedCommand[] = [];
      for (const { node, commands } of fleet.nodes.all()) {
        for (const command of commands) {
          if (ended.length === limit) return ended;
          if (command.result || command.endedAtMs !== undefined || !isTimeUp(command, nowMs)) continue;
          command.endedAtMs = nowMs;
          ended.push({ nodeId: node.nodeId, command: copy(command) });
          // A cancelled command had its end before.
          if (command.cancelledAtMs === undefined) tell(node.nodeId, changeOfEnded(command), { atMs: nowMs });
        }
      }
      return ended;
    },

    async saveCommandResults(nodeId, results, receivedAtMs) {
      const kept: CommandRecord[] = [];
      for (const { id, ...result } of results) {
        const command = commandOf(nodeId, id);
        if (!command || command.result) continue;
        command.result = { ...copy(result), receivedAtMs };
        kept.push(copy(command));
        tell(nodeId, changeOfFinished(command), { atMs: receivedAtMs, askingNodeId: nodeId });
      }
      return kept;
    },

    listCommands: async (nodeId, limit) =>
      inQueueOrder(find(nodeId)?.commands ?? [])
        .toReversed()
        .slice(0, limit)
        .map(copy),
  };
}

function isDue({ cancelledAtMs, result, expiresAtMs }: CommandRecord, nowMs: number): boolean {
  return cancelledAtMs === undefined && !result && expiresAtMs > nowMs;
}

function inQueueOrder(commands: readonly CommandRecord[]): CommandRecord[] {
  return commands.toSorted((one, other) => one.queuedAtMs - other.queuedAtMs);
}
