import type { NodeChange } from '../../events/fleet-event.js';
import { isReportedState, type NodeState } from '../../facts/node-facts.js';
import type { Sweep, SweptNode } from '../../fleet-store/fleet-store.js';
import { deriveSwept, type NodeMove, type SweptSources } from './derive-node.js';
import { lastHeartbeatOf } from './rows.js';

/** What a sweep reads of a node. */
export interface WatchedRow {
  node_id: string;
  approved_at_ms: number | null;
  revoked_at_ms: number | null;
  state: string;
  quiet_since_ms: number;
  last_heartbeat: string | null;
}

/** What a sweep finds of a node. */
export interface FoundNode extends NodeMove {
  nodeId: string;
  from: NodeState;
  changes: NodeChange[];
}

export function sweepNode(row: WatchedRow, { nowMs, upSinceMs }: Omit<Sweep, 'limit'>): FoundNode {
  const sources = sweptSourcesOf(row);
  const { move, changes } = deriveSwept({ ...sources, nowMs, upSinceMs });
  return { nodeId: row.node_id, from: sources.before, ...move, changes };
}

/** A node that a sweep found otherwise than it was noted. */
export function sweptNode(nodeId: string, from: NodeState, to: NodeState): SweptNode[] {
  return from !== to && isReportedState(from) && isReportedState(to) ? [{ nodeId, from, to }] : [];
}

function sweptSourcesOf(row: WatchedRow): Omit<SweptSources, 'nowMs' | 'upSinceMs'> {
  const { approved_at_ms, revoked_at_ms, last_heartbeat, state, quiet_since_ms } = row;
  return {
    node: {
      ...(approved_at_ms !== null && { approvedAtMs: approved_at_ms }),
      ...(revoked_at_ms !== null && { revokedAtMs: revoked_at_ms }),
    },
    ...(last_heartbeat !== null && { last: lastHeartbeatOf(last_heartbeat) }),
    before: state as NodeState,
    quietSinceMs: quiet_since_ms,
  };
}
