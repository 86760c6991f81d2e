import type { NodeRecord } from '../../fleet/node-record.js';
import type { NodeEntry } from './node-entry.js';

/** The nodes, by their IDs and by the hashes of their tokens. */
export interface NodeEntries {
  find(this: void, nodeId: string): NodeEntry | undefined;
  findByTokenHash(this: void, tokenHash: string): NodeEntry | undefined;
  /** In no particular order. */
  all(this: void): Iterable<NodeEntry>;
  /** At most `limit` nodes in the order of their IDs, those after this one. */
  page(this: void, afterNodeId: string, limit: number): NodeEntry[];
  add(this: void, entry: NodeEntry): void;
  setRecord(this: void, entry: NodeEntry, node: NodeRecord): void;
  remove(this: void, entry: NodeEntry): void;
}

export function createNodeEntries(): NodeEntries {
  const entries = new Map<string, NodeEntry>();
  const nodeIdByTokenHash = new Map<string, string>();
  /** Absent until it is needed. */
  let sorted: NodeEntry[] | undefined;

  const index = (node: NodeRecord): void => {
    for (const hash of tokenHashesOf(node)) nodeIdByTokenHash.set(hash, node.nodeId);
  };
  const unindex = (node: NodeRecord): void => {
    for (const hash of tokenHashesOf(node)) nodeIdByTokenHash.delete(hash);
  };

  return {
    find: (nodeId) => entries.get(nodeId),
    findByTokenHash: (tokenHash) => entries.get(nodeIdByTokenHash.get(tokenHash) ?? ''),
    all: () => entries.values(),
    page(afterNodeId, limit) {
      sorted ??= [...entries.values()].toSorted((one, other) => (one.node.nodeId < other.node.nodeId ? -1 : 1));
      const start = countUpTo(sorted, afterNodeId);
      return sorted.slice(start, start + limit);
    },
    add(entry) {
      entries.set(entry.node.nodeId, entry);
      index(entry.node);
      sorted = undefined;
    },
    setRecord(entry, node) {
      unindex(entry.node);
      entry.node = node;
      index(node);
    },
    remove({ node }) {
      unindex(node);
      entries.delete(node.nodeId);
      sorted = undefined;
    },
  };
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

function tokenHashesOf({ currentToken, nextToken }: NodeRecord): string[] {
  return [currentToken, nextToken].flatMap((token) => (token ? [token.hash] : []));
}
