import type { FleetStore } from './fleet-store.js';
import { FleetStoreError } from './fleet-store-error.js';
import type { NodeRecord } from './node-record.js';

/** Each attempt fails only when somebody else's change of the same node came first. */
const ATTEMPTS_MAX = 16;

/**
 * Reads a node, lets `decide` make its next record, and keeps that unless the node was changed meanwhile; then it starts
 * again. `decide` returns the record it was given when nothing is to change.
 *
 * @returns the record as it is kept then, `undefined` when there is no such node.
 */
export async function changeNode(
  store: FleetStore,
  nodeId: string,
  decide: (node: NodeRecord) => NodeRecord,
): Promise<NodeRecord | undefined> {
  const { node } = await untilUndisturbed(nodeId, async () => {
    const before = (await store.findNode(nodeId))?.node;
    if (!before) return { node: undefined };
    const kept = await keepNode(store, before, decide(before));
    return kept && { node: kept };
  });
  return node;
}

/**
 * Repeats an attempt until it has a result. It has none when the node was changed between its look at the node and its write.
 *
 * @throws FleetStoreError when others change the node every time.
 */
export async function untilUndisturbed<Result>(
  nodeId: string,
  attempt: () => Promise<Result | undefined>,
): Promise<Result> {
  for (let count = 1; count <= ATTEMPTS_MAX; count += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new FleetStoreError('contention', `Node ${nodeId} was changed by others ${ATTEMPTS_MAX} times in a row`);
}

/** Keeps `next` in the place of `node`, or resolves with `undefined` when the node was changed since it was read. */
export async function keepNode(store: FleetStore, node: NodeRecord, next: NodeRecord): Promise<NodeRecord | undefined> {
  if (next === node) return node;
  return (await store.replaceNode(next)) ? { ...next, revision: next.revision + 1 } : undefined;
}
