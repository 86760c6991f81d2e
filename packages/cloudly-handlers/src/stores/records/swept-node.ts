import { isReportedState, type NodeState } from '../../facts/node-facts.js';
import type { SweptNode } from '../../fleet-store/fleet-store.js';

/** A node that a sweep found otherwise than it was noted. */
export function sweptNode(nodeId: string, from: NodeState, to: NodeState): SweptNode[] {
  return from !== to && isReportedState(from) && isReportedState(to) ? [{ nodeId, from, to }] : [];
}
