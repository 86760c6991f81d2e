import { isTimeUp } from '../../fleet/command-end.js';
import type { CommandRecord } from '../../fleet/command-record.js';
import { COMMANDS_KEPT_MS, type EndedCommand, type NodeStore, type StoredNode } from '../../fleet/node-store.js';
import { createLocalDoorbell } from '../../fleet/doorbell.js';
import {
  type HistoryOptions,
  type HistoryResolution,
  type HistorySlot,
  oldestSlotMs,
  openSlot,
  resolveHistory,
} from '../../fleet/history.js';
import { joinTokenState } from '../../fleet/join-token.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import type { StoredStatus } from '../../fleet/node-report.js';
import { foldReports, headOf, type LastHeartbeat, type Presence, withoutCounts } from '../records/fold-reports.js';
import { addSlot, inOrder } from '../records/list-slots.js';
import { copy } from './copy.js';

interface NodeEntry {
  node: NodeRecord;
  last?: LastHeartbeat;
  status?: StoredStatus;
  /** The closed slots, by their start. */
  history: Record<HistoryResolution, Map<number, HistorySlot>>;
  /** In the order in which they were added. */
  commands: CommandRecord[];
}

export interface MemoryStoreOptions {
  /** How much history of each node is kept. @default a day in slots of five minutes, 90 days in hours */
  history?: HistoryOptions | undefined;
}

/** A fleet that exists as long as the process, for tests and experiments. */
export function createMemoryStore({ history }: MemoryStoreOptions = {}): NodeStore {
  const historyKept = resolveHistory(history);
  const cloudlyId = globalThis.crypto.randomUUID();
  const joinTokens = new Map<string, JoinTokenRecord>();
  const nodes = new Map<string, NodeEntry>();
  /** In the order of their IDs; absent until it is needed. */
  let sortedNodes: NodeEntry[] | undefined;
  const nodeIdByTokenHash = new Map<string, string>();

  const index = (node: NodeRecord): void => {
    for (const hash of tokenHashesOf(node)) nodeIdByTokenHash.set(hash, node.nodeId);
  };
  const unindex = (node: NodeRecord): void => {
    for (const hash of tokenHashesOf(node)) nodeIdByTokenHash.delete(hash);
  };
  const commandOf = (nodeId: string, commandId: string): CommandRecord | undefined =>
    nodes.get(nodeId)?.commands.find(({ id }) => id === commandId);

  return {
    cloudlyId: async () => cloudlyId,
    doorbell: createLocalDoorbell(),

    async addJoinToken(joinToken) {
      if (joinTokens.has(joinToken.id)) throw new TypeError(`The join token ${joinToken.id} already exists`);
      joinTokens.set(joinToken.id, copy(joinToken));
    },

    findJoinToken: async (id) => copy(joinTokens.get(id)),

    listJoinTokens: async () =>
      [...joinTokens.values()].toSorted((one, other) => one.createdAtMs - other.createdAtMs).map(copy),

    async revokeJoinToken(id, revokedAtMs, revokedReason) {
      const joinToken = joinTokens.get(id);
      if (joinToken && joinToken.revokedAtMs === undefined) {
        Object.assign(joinToken, { revokedAtMs, ...(revokedReason !== undefined && { revokedReason }) });
      }
      return copy(joinToken);
    },

    async createNode(node, nowMs) {
      if (nodes.has(node.nodeId)) return 'node-exists';
      const joinToken = joinTokens.get(node.joinTokenId);
      if (!joinToken || joinTokenState(joinToken, nowMs) !== 'usable') return 'join-token-not-usable';
      if (isPending(node) && joinToken.maxPending !== undefined) {
        const others = [...nodes.values()].filter((entry) => entry.node.joinTokenId === joinToken.id);
        if (others.filter((entry) => isPending(entry.node)).length >= joinToken.maxPending) return 'too-many-pending';
      }
      joinToken.usedCount += 1;
      nodes.set(node.nodeId, {
        node: copy(node),
        history: { detail: new Map(), hours: new Map() },
        commands: [],
      });
      sortedNodes = undefined;
      index(node);
      return 'created';
    },

    async findNode(nodeId) {
      const entry = nodes.get(nodeId);
      return entry && storedNode(entry);
    },

    async findNodeByTokenHash(tokenHash) {
      const entry = nodes.get(nodeIdByTokenHash.get(tokenHash) ?? '');
      return entry && storedNode(entry);
    },

    async listNodes({ afterNodeId = '', limit }) {
      sortedNodes ??= [...nodes.values()].toSorted((one, other) => (one.node.nodeId < other.node.nodeId ? -1 : 1));
      const start = countUpTo(sortedNodes, afterNodeId);
      return sortedNodes.slice(start, start + limit).map(storedNode);
    },

    async countNodes(nowMs) {
      const counts = { active: 0, online: 0, pending: 0, revoked: 0 };
      for (const { node, last } of nodes.values()) {
        if (node.revokedAtMs !== undefined) counts.revoked += 1;
        else if (isPending(node)) counts.pending += 1;
        else {
          counts.active += 1;
          if (last && last.expectedByMs > nowMs) counts.online += 1;
        }
      }
      return counts;
    },

    async replaceNode(node) {
      const entry = nodes.get(node.nodeId);
      if (entry?.node.revision !== node.revision) return false;
      unindex(entry.node);
      entry.node = { ...copy(node), revision: node.revision + 1 };
      index(entry.node);
      return true;
    },

    async removeNode(nodeId) {
      const entry = nodes.get(nodeId);
      if (entry) unindex(entry.node);
      sortedNodes = undefined;
      return nodes.delete(nodeId);
    },

    async saveReport(nodeId, report) {
      const entry = nodes.get(nodeId);
      if (!entry) return false;
      const { kept, heartbeat, status, finished } = foldReports(presenceOf(entry), [copy(report)], historyKept);
      if (heartbeat) entry.last = heartbeat;
      if (status) entry.status = status;
      for (const { resolution, slot } of finished) addSlot(entry.history[resolution], slot);
      return kept[0] === true;
    },

    findStatus: async (nodeId) => copy(nodes.get(nodeId)?.status),

    async listHistory(nodeId, resolution) {
      const entry = nodes.get(nodeId);
      if (!entry || historyKept[resolution] === 0) return [];
      const slots = new Map(entry.history[resolution]);
      if (entry.last) addSlot(slots, openSlot(entry.last, resolution));
      return inOrder(slots).map(copy);
    },

    async addCommand(nodeId, command, dueMax = Infinity) {
      const entry = nodes.get(nodeId);
      if (!entry) return 'node-unknown';
      if (commandOf(nodeId, command.id)) return 'command-exists';
      const due = entry.commands.filter((other) => isDue(other, command.queuedAtMs));
      if (due.length >= dueMax) return 'too-many-due';
      entry.commands.push(copy(command));
      return 'added';
    },

    findCommand: async (nodeId, commandId) => copy(commandOf(nodeId, commandId)),

    async cancelCommand(nodeId, commandId, cancelledAtMs) {
      const command = commandOf(nodeId, commandId);
      if (command && !command.result) command.cancelledAtMs ??= cancelledAtMs;
      return copy(command);
    },

    async offerCommands(nodeId, nowMs, limit) {
      const due = (nodes.get(nodeId)?.commands ?? []).filter((command) => isDue(command, nowMs));
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
      for (const [nodeId, { commands }] of nodes) {
        for (const command of commands) {
          if (ended.length === limit) return ended;
          if (command.result || command.endedAtMs !== undefined || !isTimeUp(command, nowMs)) continue;
          command.endedAtMs = nowMs;
          ended.push({ nodeId, command: copy(command) });
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
      }
      return kept;
    },

    listCommands: async (nodeId, limit) =>
      inQueueOrder(nodes.get(nodeId)?.commands ?? [])
        .toReversed()
        .slice(0, limit)
        .map(copy),

    probe: async () => undefined,

    async tidy(nowMs) {
      for (const entry of nodes.values()) {
        for (const [resolution, slots] of Object.entries(entry.history)) {
          const oldestMs = oldestSlotMs(nowMs, resolution as HistoryResolution, historyKept);
          for (const startMs of slots.keys()) if (startMs < oldestMs) slots.delete(startMs);
        }
        entry.commands = entry.commands.filter(({ expiresAtMs }) => expiresAtMs > nowMs - COMMANDS_KEPT_MS);
      }
      return false;
    },
  };
}

function presenceOf({ node, last }: NodeEntry): Presence {
  return { ...(node.revokedAtMs === undefined && { acceptedBootId: node.bootId }), ...(last && { last }) };
}

/** How many of the sorted nodes have an ID up to this one. */
function countUpTo(sorted: readonly NodeEntry[], nodeId: string): number {
  let [start, end] = [0, sorted.length];
  while (start < end) {
    const middle = Math.floor((start + end) / 2);
    if ((sorted[middle]?.node.nodeId ?? '') <= nodeId) start = middle + 1;
    else end = middle;
  }
  return start;
}

function latestExpiry(commands: readonly CommandRecord[]): number {
  let latestMs = -Infinity;
  for (const { expiresAtMs } of commands) latestMs = Math.max(latestMs, expiresAtMs);
  return latestMs;
}

function isPending({ approvedAtMs, revokedAtMs }: NodeRecord): boolean {
  return approvedAtMs === undefined && revokedAtMs === undefined;
}

function isDue({ cancelledAtMs, result, expiresAtMs }: CommandRecord, nowMs: number): boolean {
  return cancelledAtMs === undefined && !result && expiresAtMs > nowMs;
}

function inQueueOrder(commands: readonly CommandRecord[]): CommandRecord[] {
  return commands.toSorted((one, other) => one.queuedAtMs - other.queuedAtMs);
}

function storedNode({ node, last, status, commands }: NodeEntry): StoredNode {
  return copy({
    node,
    ...(last && { lastHeartbeat: withoutCounts(last) }),
    ...(status && { status: headOf(status) }),
    ...(commands.length > 0 && { commandsUntilMs: latestExpiry(commands) }),
  });
}

function tokenHashesOf({ currentToken, nextToken }: NodeRecord): string[] {
  return [currentToken, nextToken].flatMap((token) => (token ? [token.hash] : []));
}
