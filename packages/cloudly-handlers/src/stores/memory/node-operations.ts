import { approvalOf } from '../../facts/approval.js';
import { changesOfRemoval } from '../../events/node-changes.js';
import { type NodeFacts, shownName } from '../../facts/node-facts.js';
import { NEVER_SEEN_MS } from '../../facts/quiet-since.js';
import { joinTokenState } from '../../fleet/join-token.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import type { NodeProfile } from '../../fleet/node-profile.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import type { NodeStore } from '../../fleet/node-store.js';
import { type Behalf, instantOf } from '../records/behalf.js';
import { deriveCreated, deriveReplaced } from '../records/derive-node.js';
import { firstProfile } from '../records/first-profile.js';
import { copy } from './copy.js';
import { findEntry, keepDerived, type MemoryFleet, sourcesOf, tellChanges } from './memory-fleet.js';
import { type NodeEntry, storedNode } from './node-entry.js';

type NodeOperations = Pick<
  NodeStore,
  'createNode' | 'findNode' | 'findNodeByTokenHash' | 'listNodes' | 'replaceNode' | 'removeNode' | 'findStatus'
>;

export function createNodeOperations(fleet: MemoryFleet, behalf: Behalf): NodeOperations {
  const { joinTokens, nodes } = fleet;

  const pendingOf = ({ id }: JoinTokenRecord): number => {
    const waiting = [...nodes.all()].filter(({ node }) => node.joinTokenId === id && approvalOf(node) === 'pending');
    return waiting.length;
  };

  return {
    async createNode(node, nowMs) {
      if (nodes.find(node.nodeId)) return 'node-exists';
      const joinToken = joinTokens.get(node.joinTokenId);
      if (!joinToken || joinTokenState(joinToken, nowMs) !== 'usable') return 'join-token-not-usable';
      const { maxPending = Infinity } = joinToken;
      if (approvalOf(node) === 'pending' && pendingOf(joinToken) >= maxPending) return 'too-many-pending';
      joinToken.usedCount += 1;
      const profile = firstProfile(node, joinToken);
      const derived = deriveCreated(node, profile, nowMs);
      const entry = newEntry(copy(node), profile, derived.facts);
      nodes.add(entry);
      keepDerived(fleet, entry, derived, { behalf, atMs: nowMs, askingNodeId: node.nodeId });
      return 'created';
    },

    async findNode(nodeId) {
      const entry = findEntry(fleet, behalf, nodeId);
      return entry && storedNode(entry);
    },

    async findNodeByTokenHash(tokenHash) {
      const entry = nodes.findByTokenHash(tokenHash);
      return entry && storedNode(entry);
    },

    listNodes: async ({ afterNodeId = '', limit }) => nodes.page(afterNodeId, limit).map(storedNode),

    async replaceNode(node) {
      const entry = findEntry(fleet, behalf, node.nodeId);
      if (!entry || entry.node.revision !== node.revision) return false;
      const { node: before } = entry;
      nodes.setRecord(entry, { ...copy(node), revision: node.revision + 1 });
      const derived = deriveReplaced(sourcesOf(entry), before, instantOf(behalf));
      keepDerived(fleet, entry, derived, { behalf, askingNodeId: node.nodeId });
      return true;
    },

    async removeNode(nodeId) {
      const entry = findEntry(fleet, behalf, nodeId);
      if (!entry) return false;
      nodes.remove(entry);
      tellChanges(fleet, entry, changesOfRemoval(shownName(entry.facts)), { behalf });
      return true;
    },

    findStatus: async (nodeId) => copy(findEntry(fleet, behalf, nodeId)?.status),
  };
}

function newEntry(node: NodeRecord, profile: NodeProfile, facts: NodeFacts): NodeEntry {
  return {
    node,
    profile,
    facts,
    state: 'pending',
    quietSinceMs: NEVER_SEEN_MS,
    alerts: [],
    openAlerts: [],
    snoozes: new Map(),
    notedConditions: '',
    history: { detail: new Map(), hours: new Map() },
    commands: [],
  };
}
