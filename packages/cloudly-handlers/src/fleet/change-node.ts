import type { FleetStore } from './fleet-store.js';
import { FleetStoreError } from './fleet-store-error.js';
import type { NodeRecord } from './node-record.js';

/** Each attempt fails only when somebody else's change of the same node came first. */
export const ATTEMPTS_MAX = 16;

/**
 * Reads a node, lets `decide` make its next record, and keeps that unless the node was changed meanwhile; then it starts
 * anew. `decide` returns the record it was given when nothing is to change.
 *
 * @returns the record as it is kept then, `undefined` when there is no such node.
 */
export async function changeNode(
  store: FleetStore,
  nodeId: string,
  decide: (node: NodeRecord) => NodeRecord,
): Promise<NodeRecord | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const node = (await store.findNode(nodeId))?.node;
    if (!node) return undefined;
    const kept = await keepNode(store, node, decide(node));
    if (kept) return kept;
  }
  throw contention(nodeId);
}

/** Keeps `next` in the place of `node`, or resolves with `undefined` when the node was changed since it was read. */
export async function keepNode(store: FleetStore, node: NodeRecord, next: NodeRecord): Promise<NodeRecord | undefined> {
  if (next === node) return node;
  return (await store.replaceNode(next)) ? { ...next, revision: next.revision + 1 } : undefined;
}

export function contention(nodeId: string): FleetStoreError {
  return new FleetStoreError('contention', `Node ${nodeId} was changed by others ${ATTEMPTS_MAX} times in a row`);
}
