import type {
  FleetStore,
  JoinTokenRecord,
  NodeRecord,
  StatusHead,
  StoredHeartbeat,
  StoredNode,
  StoredStatus,
} from './fleet-store.js';
import { joinTokenState } from './join-token.js';

interface NodeEntry {
  node: NodeRecord;
  lastHeartbeat?: StoredHeartbeat;
  status?: StoredStatus;
}

/** A fleet that lives as long as the process: for tests and for trying things out. */
export const createMemoryStore = (): FleetStore => {
  const cloudlyId = globalThis.crypto.randomUUID();
  const joinTokens = new Map<string, JoinTokenRecord>();
  const nodes = new Map<string, NodeEntry>();
  const nodeIdByTokenHash = new Map<string, string>();

  const index = (node: NodeRecord): void => {
    for (const hash of tokenHashesOf(node)) nodeIdByTokenHash.set(hash, node.nodeId);
  };

  return {
    cloudlyId: async () => cloudlyId,

    async addJoinToken(joinToken) {
      if (joinTokens.has(joinToken.id)) throw new TypeError(`There is a join token ${joinToken.id} already`);
      joinTokens.set(joinToken.id, structuredClone(joinToken));
    },

    findJoinToken: async (id) => structuredClone(joinTokens.get(id)),

    listJoinTokens: async () =>
      [...joinTokens.values()].toSorted((one, other) => one.createdAtMs - other.createdAtMs).map(copy),

    async revokeJoinToken(id, revokedAtMs) {
      const joinToken = joinTokens.get(id);
      if (joinToken) joinToken.revokedAtMs ??= revokedAtMs;
      return structuredClone(joinToken);
    },

    async createNode(node, nowMs) {
      if (nodes.has(node.nodeId)) return 'node-exists';
      const joinToken = joinTokens.get(node.joinTokenId);
      if (!joinToken || joinTokenState(joinToken, nowMs) !== 'usable') return 'join-token-not-usable';
      joinToken.usedCount += 1;
      nodes.set(node.nodeId, { node: copy(node) });
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

    listNodes: async ({ afterNodeId = '', limit }) =>
      [...nodes.values()]
        .filter(({ node }) => node.nodeId > afterNodeId)
        .toSorted((one, other) => (one.node.nodeId < other.node.nodeId ? -1 : 1))
        .slice(0, limit)
        .map(storedNode),

    findStatus: async (nodeId) => structuredClone(nodes.get(nodeId)?.status),

    async replaceNode(node) {
      const entry = nodes.get(node.nodeId);
      if (entry?.node.revision !== node.revision) return false;
      for (const hash of tokenHashesOf(entry.node)) nodeIdByTokenHash.delete(hash);
      entry.node = { ...copy(node), revision: node.revision + 1 };
      index(entry.node);
      return true;
    },

    async saveReport(nodeId, report) {
      const entry = nodes.get(nodeId);
      if (!entry || entry.node.revokedAtMs !== undefined || entry.node.bootId !== report.bootId) return false;
      const { lastHeartbeat } = entry;
      if (lastHeartbeat?.bootId === report.bootId && lastHeartbeat.sequence >= report.sequence) return false;

      const { bootId, sequence, receivedAtMs, status, statusHash, vitals, runningCommand } = copy(report);
      if (vitals) {
        entry.lastHeartbeat = { bootId, sequence, receivedAtMs, vitals, ...(runningCommand && { runningCommand }) };
      }
      if (status) {
        entry.status = { bootId, receivedAtMs, status, ...(statusHash !== undefined && { hash: statusHash }) };
      }
      return true;
    },
  };
};

const copy = <Value>(value: Value): Value => structuredClone(value);

const storedNode = ({ node, lastHeartbeat, status }: NodeEntry): StoredNode =>
  copy({ node, ...(lastHeartbeat && { lastHeartbeat }), ...(status && { status: headOf(status) }) });

const headOf = ({ status: _document, ...head }: StoredStatus): StatusHead => head;

const tokenHashesOf = ({ currentToken, nextToken }: NodeRecord): string[] =>
  [currentToken, nextToken].flatMap((token) => (token ? [token.hash] : []));
