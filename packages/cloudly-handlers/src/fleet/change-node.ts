import type { NodeStore } from './node-store.js';
import { FleetStoreError } from './fleet-store-error.js';
import type { NodeRecord } from './node-record.js';

/** An attempt fails only if another change of the same node came first. */
const ATTEMPTS_MAX = 16;

/** What a store needs so that a node can be changed. */
export type NodeChanges = Pick<NodeStore, 'findNode' | 'replaceNode'>;

/**
 * Reads a node, lets `decide` create its next record, and stores that unless the node was changed in the meantime; then
 * it starts again. `decide` returns the same record if nothing changes.
 *
 * @returns the stored record, `undefined` if there is no such node.
 */
export async function changeNode(
  store: NodeChanges,
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
 * Repeats an attempt until it has a result. It has none if the node was changed between the read and the write.
 *
 * @throws FleetStoreError if others change the node every time.
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

/** Replaces `node` by `next`, or resolves with `undefined` if the node was changed since it was read. */
export async function keepNode(
  store: Pick<NodeStore, 'replaceNode'>,
  node: NodeRecord,
  next: NodeRecord,
): Promise<NodeRecord | undefined> {
  if (next === node) return node;
  return (await store.replaceNode(next)) ? { ...next, revision: next.revision + 1 } : undefined;
}
