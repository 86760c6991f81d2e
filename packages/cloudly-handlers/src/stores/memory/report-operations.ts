import { changesOfFacts } from '../../events/fact-changes.js';
import type { NodeChange } from '../../events/fleet-event.js';
import { changeOfState } from '../../events/state-change.js';
import type { ReportedState } from '../../facts/node-facts.js';
import { openSlot } from '../../fleet/history.js';
import type { NodeStore } from '../../fleet/node-store.js';
import type { Behalf } from '../records/behalf.js';
import type { Heard } from '../records/facts-change.js';
import { foldReports } from '../records/fold-reports.js';
import { addSlot, inOrder } from '../records/list-slots.js';
import { copy } from './copy.js';
import { findEntry, type MemoryFleet, renewFacts, renewState, tellChanges } from './memory-fleet.js';
import { type NodeEntry, presenceOf } from './node-entry.js';

type ReportOperations = Pick<NodeStore, 'saveReport' | 'listHistory'>;

export function createReportOperations(fleet: MemoryFleet, behalf: Behalf): ReportOperations {
  const { historyKept, nodes } = fleet;
  return {
    async saveReport(nodeId, report) {
      const entry = nodes.find(nodeId);
      if (!entry) return false;
      const folded = foldReports(presenceOf(entry), [copy(report)], historyKept);
      const { kept, heartbeat, status, finished, factsChange } = folded;
      if (heartbeat) entry.last = heartbeat;
      if (status) entry.status = status;
      for (const { resolution, slot } of finished) addSlot(entry.history[resolution], slot);
      if (factsChange) {
        const { facts: before } = entry;
        renewFacts(entry);
        const changes = [...changesOfFacts(before, entry.facts), ...hear(entry, factsChange.heard)];
        tellChanges(fleet, entry, changes, { behalf, atMs: report.receivedAtMs, askingNodeId: nodeId });
      }
      return kept[0] === true;
    },

    async listHistory(nodeId, resolution) {
      const entry = findEntry(fleet, behalf, nodeId);
      if (!entry || historyKept[resolution] === 0) return [];
      const slots = new Map(entry.history[resolution]);
      if (entry.last) addSlot(slots, openSlot(entry.last, resolution));
      return inOrder(slots).map(copy);
    },
  };
}

/** A node that was missed is heard again. */
function hear(entry: NodeEntry, heard: Heard | undefined): NodeChange[] {
  if (!heard) return [];
  const { state: from } = entry;
  renewState(entry, heard.atMs);
  if (from === 'pending' || from === 'revoked') return [];
  const { lastHeartbeatAtMs } = heard;
  const to = entry.state as ReportedState;
  const change = changeOfState({ from, to, lastHeartbeatAtMs, nowMs: heard.atMs });
  return change ? [change] : [];
}
