import { keepNode } from '../fleet/change-node.js';
import { noteClaimant, rivalBoots } from '../fleet/clone-suspicion.js';
import type { HandlerContext } from '../context/handler-context.js';
import type { NodeRecord } from '../fleet/node-record.js';

/**
 * Records which process was rejected in favour of another one with the same identity, so that an operator can still
 * choose it. Resolves with `false` if the node was changed in the meantime: judge the request again.
 */
export async function noteRefused(node: NodeRecord, bootId: string, { store, emit }: HandlerContext): Promise<boolean> {
  const next = noteClaimant(node, bootId);
  if (next === node) return true;
  if (!(await keepNode(store, node, next))) return false;
  emit({ kind: 'clone-suspected', nodeId: node.nodeId, bootIds: rivalBoots(next) });
  return true;
}
