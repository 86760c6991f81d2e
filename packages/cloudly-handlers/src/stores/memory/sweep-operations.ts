import { changeOfState } from '../../events/state-change.js';
import type { ReportedState } from '../../facts/node-facts.js';
import type { FleetStore, SweptNode } from '../../fleet-store/fleet-store.js';
import { ofNodes } from '../records/behalf.js';
import { type MemoryFleet, renewState, tellChanges } from './memory-fleet.js';
import type { NodeEntry } from './node-entry.js';

/** Facts are never behind here, so there are only states to find. */
export function createSweepOperations(fleet: MemoryFleet): Pick<FleetStore, 'sweep'> {
  return {
    async sweep({ nowMs, upSinceMs, limit }) {
      const isDue = ({ checkAtMs }: NodeEntry): boolean => checkAtMs !== undefined && checkAtMs <= nowMs;
      const due = [...fleet.nodes.all()].filter(isDue);
      const moved: SweptNode[] = [];
      for (const entry of due.slice(0, limit)) {
        const { state: from, last, node } = entry;
        renewState(entry, nowMs, upSinceMs);
        if (from === entry.state) continue;
        const move = { from: from as ReportedState, to: entry.state as ReportedState };
        const change = changeOfState({ ...move, lastHeartbeatAtMs: last?.receivedAtMs, nowMs });
        if (change) tellChanges(fleet, entry, [change], { behalf: ofNodes, atMs: nowMs });
        moved.push({ nodeId: node.nodeId, ...move });
      }
      return { moved, isMore: due.length > limit };
    },
  };
}
