import { randomUUID } from 'node:crypto';
import {
  type CommandRecord,
  COMMANDS_KEPT_MS,
  type EndedCommand,
  type NodeStore,
  type HistoryResolution,
  type HistorySlot,
  mergeSlots,
  type NodeReport,
  oldestSlotMs,
  openSlot,
  type SavedProgress,
  type StoredNode,
  timeUpAtMs,
  turnSlots,
} from '@serve.zone/baseos-cloudly-handlers';
import { createNode, dropDecisions, settleCandidate, settleDecisions, withdrawCandidate } from './admit-node.js';
import { changeDocument, untilDone } from './change-document.js';
import type { Documents, Read } from './documents.js';
import { type CloudlyDocument, documentIds, type JoinTokenDocument, type NodeDocument } from './fleet-documents.js';

/**
 * A fleet in a database that is atomic on one document at a time, for any number of processes. It keeps nothing in memory.
 *
 * A node is one document with its report, its history and its commands; a join token is another one. `createNode` alone
 * touches two.
 */
export function createDocumentStore(documents: Documents): NodeStore {
  const joinTokenDocuments = () => documents.list<JoinTokenDocument>(documentIds.joinTokens);

  /** The document of a node that was admitted. */
  const readNode = async (nodeId: string): Promise<Read<NodeDocument> | undefined> => {
    const read = await untilDone(async () => {
      const found = await documents.read<NodeDocument>(documentIds.node(nodeId));
      if (!found) return 'none';
      if (!found.value.isCandidate) return found;
      return (await settleCandidate(documents, found.value)) ? undefined : 'none';
    });
    return read === 'none' ? undefined : read;
  };

  const changeNode = (nodeId: string, decide: (document: NodeDocument) => NodeDocument | undefined) =>
    changeDocument(documents, documentIds.node(nodeId), decide, () => readNode(nodeId));

  return {
    async cloudlyId() {
      const found = await documents.read<CloudlyDocument>(documentIds.cloudly);
      if (found) return found.value.cloudlyId;
      await documents.insert(documentIds.cloudly, { cloudlyId: randomUUID() });
      const made = await documents.read<CloudlyDocument>(documentIds.cloudly);
      return String(made?.value.cloudlyId);
    },

    async probe(nowMs) {
      await this.cloudlyId();
      await changeDocument<CloudlyDocument>(documents, documentIds.cloudly, (cloudly) => ({
        ...cloudly,
        probedAtMs: nowMs,
      }));
    },

    async addJoinToken(joinToken) {
      const document: JoinTokenDocument = { joinToken, decisions: {} };
      const isAdded = await documents.insert(documentIds.joinToken(joinToken.id), document);
      if (!isAdded) throw new TypeError(`Join token ${joinToken.id} already exists`);
    },

    findJoinToken: async (id) => (await documents.read<JoinTokenDocument>(documentIds.joinToken(id)))?.value.joinToken,

    listJoinTokens: async () =>
      (await joinTokenDocuments())
        .map(({ joinToken }) => joinToken)
        .toSorted((one, other) => one.createdAtMs - other.createdAtMs),

    async revokeJoinToken(id, revokedAtMs, revokedReason) {
      const revocation = { revokedAtMs, ...(revokedReason !== undefined && { revokedReason }) };
      const changed = await changeDocument<JoinTokenDocument>(documents, documentIds.joinToken(id), (document) =>
        document.joinToken.revokedAtMs === undefined
          ? { ...document, joinToken: { ...document.joinToken, ...revocation } }
          : undefined,
      );
      return changed?.value.joinToken;
    },

    createNode: (node, nowMs) => createNode(documents, node, nowMs),

    async findNode(nodeId) {
      const found = await readNode(nodeId);
      return found && storedNode(found.value);
    },

    async findNodeByTokenHash(tokenHash) {
      const nodeId = await documents.nodeIdByTokenHash(tokenHash);
      const found = nodeId === undefined ? undefined : await readNode(nodeId);
      const { currentToken, nextToken } = found?.value.node ?? {};
      const isStillThere = currentToken?.hash === tokenHash || nextToken?.hash === tokenHash;
      return found && isStillThere ? storedNode(found.value) : undefined;
    },

    async listNodes({ afterNodeId, limit }) {
      const nodes: StoredNode[] = [];
      let afterId = afterNodeId === undefined ? undefined : documentIds.node(afterNodeId);
      while (nodes.length < limit) {
        const page = await documents.list<NodeDocument>(documentIds.nodes, { afterId, limit: limit - nodes.length });
        if (page.length === 0) break;
        for (const document of page) {
          const { nodeId } = document.node;
          const found = document.isCandidate ? (await readNode(nodeId))?.value : document;
          if (found) nodes.push(storedNode(found));
          afterId = documentIds.node(nodeId);
        }
      }
      return nodes;
    },

    countNodes: (nowMs) => documents.countNodes(nowMs),

    async replaceNode(node) {
      const changed = await changeNode(node.nodeId, (document) =>
        document.node.revision === node.revision
          ? { ...document, node: { ...node, revision: node.revision + 1 } }
          : undefined,
      );
      return changed?.isChanged ?? false;
    },

    removeNode: (nodeId) =>
      untilDone(async () => {
        const found = await readNode(nodeId);
        if (!found) return false;
        return (await documents.remove(documentIds.node(nodeId), found.revision)) || undefined;
      }),

    async saveReport(nodeId, report) {
      const changed = await changeNode(nodeId, (document) => {
        const { node, lastHeartbeat } = document;
        if (node.revokedAtMs !== undefined || node.bootId !== report.bootId) return undefined;
        const isLate = lastHeartbeat?.bootId === report.bootId && lastHeartbeat.sequence >= report.sequence;
        return isLate ? undefined : withReport(document, report);
      });
      return changed?.isChanged ?? false;
    },

    findStatus: async (nodeId) => (await readNode(nodeId))?.value.status,

    async listHistory(nodeId, resolution) {
      const document = (await readNode(nodeId))?.value;
      const last = document && countedHeartbeat(document);
      if (!last) return [];
      const slots = withSlot(document.history[resolution], openSlot(last, resolution));
      return slots.toSorted((one, other) => one.startMs - other.startMs);
    },

    async addCommand(nodeId, command, dueMax = Infinity) {
      let refusal: 'command-exists' | 'too-many-due' = 'command-exists';
      const changed = await changeNode(nodeId, (document) => {
        const { commands } = document;
        const isThere = commands.some(({ id }) => id === command.id);
        refusal = isThere ? 'command-exists' : 'too-many-due';
        const dueCount = commands.filter((other) => isDue(other, command.queuedAtMs)).length;
        return isThere || dueCount >= dueMax ? undefined : withEnd({ ...document, commands: [...commands, command] });
      });
      if (!changed) return 'node-unknown';
      return changed.isChanged ? 'added' : refusal;
    },

    async findCommand(nodeId, commandId) {
      return (await readNode(nodeId))?.value.commands.find(({ id }) => id === commandId);
    },

    async cancelCommand(nodeId, commandId, cancelledAtMs) {
      const changed = await changeNode(nodeId, (document) =>
        withCommands(document, (command) =>
          command.id === commandId && command.cancelledAtMs === undefined && !command.result
            ? { ...command, cancelledAtMs }
            : command,
        ),
      );
      return changed?.value.commands.find(({ id }) => id === commandId);
    },

    async offerCommands(nodeId, nowMs, limit) {
      const dueIn = ({ commands }: NodeDocument) =>
        inQueueOrder(commands.filter((command) => isDue(command, nowMs) && command.endedAtMs === undefined)).slice(
          0,
          limit,
        );
      const changed = await changeNode(nodeId, (document) => {
        const offered = new Set(dueIn(document).map(({ id }) => id));
        return withCommands(document, (command) =>
          offered.has(command.id) && command.listedAtMs === undefined ? { ...command, listedAtMs: nowMs } : command,
        );
      });
      return changed ? dueIn(changed.value) : [];
    },

    async saveProgress(nodeId, commandId, progress) {
      let before: SavedProgress['before'];
      const changed = await changeNode(nodeId, (document) => {
        before = undefined;
        return withCommands(document, (command) => {
          if (command.id !== commandId || command.result) return command;
          before = command.running;
          return { ...command, running: progress, listedAtMs: command.listedAtMs ?? progress.reportedAtMs };
        });
      });
      if (!changed?.isChanged) return undefined;
      const command = changed.value.commands.find(({ id }) => id === commandId);
      return command && { command, ...(before && { before }) };
    },

    async endCommands(nowMs, limit) {
      const ended: EndedCommand[] = [];
      for (const nodeId of await documents.nodeIdsToEnd(nowMs, limit)) {
        let ids = new Set<string>();
        const changed = await changeNode(nodeId, (document) => {
          const timeUp = document.commands.filter((command) => isOpen(command) && timeUpAtMs(command) <= nowMs);
          ids = new Set(timeUp.slice(0, limit - ended.length).map(({ id }) => id));
          return withCommands(document, (command) =>
            ids.has(command.id) ? { ...command, endedAtMs: nowMs } : command,
          );
        });
        if (!changed?.isChanged) continue;
        for (const command of changed.value.commands) if (ids.has(command.id)) ended.push({ nodeId, command });
        if (ended.length >= limit) break;
      }
      return ended;
    },

    async saveCommandResults(nodeId, results, receivedAtMs) {
      const first = new Map(results.toReversed().map(({ id, ...result }) => [id, { ...result, receivedAtMs }]));
      let taken: string[] = [];
      const changed = await changeNode(nodeId, (document) => {
        const open = new Set(document.commands.flatMap(({ id, result }) => (result ? [] : [id])));
        taken = [...new Set(results.map(({ id }) => id))].filter((id) => open.has(id));
        return withCommands(document, (command) => {
          const result = command.result ?? first.get(command.id);
          return result && result !== command.result ? { ...command, result } : command;
        });
      });
      return taken.flatMap((id) => changed?.value.commands.find((command) => command.id === id) ?? []);
    },

    async listCommands(nodeId, limit) {
      const commands = (await readNode(nodeId))?.value.commands ?? [];
      return inQueueOrder(commands).toReversed().slice(0, limit);
    },

    async tidy(nowMs) {
      for (const document of await joinTokenDocuments()) {
        await settleDecisions(documents, document);
        await dropDecisions(documents, document, nowMs - ABANDONED_AFTER_MS);
      }
      let afterId: string | undefined;
      for (;;) {
        const page = await documents.list<NodeDocument>(documentIds.nodes, { afterId, limit: TIDIED_AT_ONCE });
        for (const document of page) {
          const { nodeId, registeredAtMs } = document.node;
          const isAbandoned = nowMs - registeredAtMs >= ABANDONED_AFTER_MS;
          if (!document.isCandidate) await changeNode(nodeId, (current) => withoutOld(current, nowMs));
          else if (isAbandoned) await withdrawCandidate(documents, document, nowMs);
          afterId = documentIds.node(nodeId);
        }
        if (page.length < TIDIED_AT_ONCE) return false;
      }
    },
  };
}

const TIDIED_AT_ONCE = 100;

/** No request takes this long. One that did would start again. */
const ABANDONED_AFTER_MS = 600_000;

function storedNode({ node, lastHeartbeat, status, commands }: NodeDocument): StoredNode {
  const { status: _document, ...head } = status ?? {};
  return {
    node,
    ...(lastHeartbeat && { lastHeartbeat }),
    ...(status && { status: head as StoredNode['status'] & object }),
    ...(commands.length > 0 && { commandsUntilMs: Math.max(...commands.map(({ expiresAtMs }) => expiresAtMs)) }),
  };
}

function withReport(document: NodeDocument, report: NodeReport): NodeDocument {
  const { bootId, sequence, receivedAtMs, expectedByMs, status, statusHash, vitals, runningCommand } = report;
  const head = {
    bootId,
    receivedAtMs,
    ...(statusHash !== undefined && { hash: statusHash }),
    ...(status?.updates && { updates: status.updates }),
  };
  const next = status ? { ...document, status: { ...head, status } } : document;
  if (sequence < 1) return next;

  const { counts, finished } = turnSlots(countedHeartbeat(document), receivedAtMs);
  const history = { ...document.history };
  for (const { resolution, slot } of finished) history[resolution] = withSlot(history[resolution], slot);
  const lastHeartbeat = {
    bootId,
    sequence,
    receivedAtMs,
    expectedByMs: expectedByMs ?? receivedAtMs,
    ...(vitals && { vitals }),
    ...(runningCommand && { runningCommand }),
  };
  return { ...next, counts, history, lastHeartbeat };
}

function countedHeartbeat({ lastHeartbeat, counts }: NodeDocument) {
  return lastHeartbeat && { ...lastHeartbeat, counts };
}

function withSlot(slots: readonly HistorySlot[], slot: HistorySlot): HistorySlot[] {
  const before = slots.find(({ startMs }) => startMs === slot.startMs);
  return [...slots.filter((other) => other !== before), before ? mergeSlots(before, slot) : slot];
}

/** The document with its commands changed; `undefined` when none of them was. */
function withCommands(
  document: NodeDocument,
  change: (command: CommandRecord) => CommandRecord,
): NodeDocument | undefined {
  const commands = document.commands.map(change);
  return commands.some((command, index) => command !== document.commands[index])
    ? withEnd({ ...document, commands })
    : undefined;
}

/** The document by which the database finds the commands whose time is up. */
function withEnd({ nextEndAtMs: _before, ...document }: NodeDocument): NodeDocument {
  const open = document.commands.filter(isOpen).map(timeUpAtMs);
  return open.length === 0 ? document : { ...document, nextEndAtMs: Math.min(...open) };
}

function isOpen({ result, endedAtMs }: CommandRecord): boolean {
  return !result && endedAtMs === undefined;
}

function withoutOld(document: NodeDocument, nowMs: number): NodeDocument | undefined {
  const kept = (resolution: HistoryResolution): HistorySlot[] =>
    document.history[resolution].filter(({ startMs }) => startMs >= oldestSlotMs(nowMs, resolution));
  const history = { detail: kept('detail'), hours: kept('hours') };
  const commands = document.commands.filter(({ expiresAtMs }) => expiresAtMs > nowMs - COMMANDS_KEPT_MS);
  const isSame =
    history.detail.length === document.history.detail.length &&
    history.hours.length === document.history.hours.length &&
    commands.length === document.commands.length;
  return isSame ? undefined : withEnd({ ...document, history, commands });
}

function isDue({ cancelledAtMs, result, expiresAtMs }: CommandRecord, nowMs: number): boolean {
  return cancelledAtMs === undefined && !result && expiresAtMs > nowMs;
}

function inQueueOrder(commands: readonly CommandRecord[]): CommandRecord[] {
  return commands.toSorted((one, other) => one.queuedAtMs - other.queuedAtMs);
}
