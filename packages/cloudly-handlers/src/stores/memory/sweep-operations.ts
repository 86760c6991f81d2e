import type { FleetStore, SweptNode } from '../../fleet-store/fleet-store.js';
import { ofNodes } from '../records/behalf.js';
import { deriveSwept } from '../records/derive-node.js';
import { sweptNode } from '../records/swept-node.js';
import { keepMove, type MemoryFleet, tellChanges } from './memory-fleet.js';
import type { NodeEntry } from './node-entry.js';

/** Facts are never behind here, so there are only states to find. */
export function createSweepOperations(fleet: MemoryFleet): Pick<FleetStore, 'sweep'> {
  return {
    async sweep({ nowMs, upSinceMs, limit }) {
      const isDue = ({ checkAtMs }: NodeEntry): boolean => checkAtMs !== undefined && checkAtMs <= nowMs;
      const due = [...fleet.nodes.all()].filter(isDue);
      const moved: SweptNode[] = [];
      for (const entry of due.slice(0, limit)) {
        const { node, last, state: before, quietSinceMs } = entry;
        const { move, changes } = deriveSwept({ node, last, before, quietSinceMs, nowMs, upSinceMs });
        keepMove(entry, move);
        tellChanges(fleet, entry, changes, { behalf: ofNodes, atMs: nowMs });
        moved.push(...sweptNode(node.nodeId, before, move.state));
      }
      return { moved, isMore: due.length > limit };
    },
  };
}
