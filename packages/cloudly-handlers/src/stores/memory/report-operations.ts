import { openSlot } from '../../fleet/history.js';
import type { NodeStore } from '../../fleet/node-store.js';
import type { Behalf } from '../records/behalf.js';
import { deriveReported } from '../records/derive-node.js';
import { foldReports } from '../records/fold-reports.js';
import { addSlot, inOrder } from '../records/list-slots.js';
import { copy } from './copy.js';
import { findEntry, keepDerived, type MemoryFleet, sourcesOf } from './memory-fleet.js';
import { presenceOf } from './node-entry.js';

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
        const derived = deriveReported(sourcesOf(entry), factsChange);
        keepDerived(fleet, entry, derived, { behalf, atMs: report.receivedAtMs, askingNodeId: nodeId });
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
