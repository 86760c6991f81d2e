import { approvalOf } from '../../facts/approval.js';
import { AUDIT_EVENTS_KEPT_MS, EVERYDAY_EVENTS_KEPT_MS, isAuditEvent } from '../../events/audit.js';
import { type HistoryResolution, oldestSlotMs } from '../../fleet/history.js';
import { COMMANDS_KEPT_MS, type NodeStore } from '../../fleet/node-store.js';
import type { MemoryFleet } from './memory-fleet.js';

type FleetOperations = Pick<NodeStore, 'cloudlyId' | 'countNodes' | 'probe' | 'tidy'>;

/** What is kept beside the nodes. */
interface Work {
  /** Drops what is old. */
  drop(this: void, nowMs: number): void;
}

export function createFleetOperations(
  { nodes, events, historyKept }: MemoryFleet,
  works: readonly Work[],
): FleetOperations {
  const cloudlyId = globalThis.crypto.randomUUID();
  return {
    cloudlyId: async () => cloudlyId,

    async countNodes(nowMs) {
      const counts = { active: 0, online: 0, pending: 0, revoked: 0 };
      for (const { node, last } of nodes.all()) {
        if (node.revokedAtMs !== undefined) counts.revoked += 1;
        else if (approvalOf(node) === 'pending') counts.pending += 1;
        else {
          counts.active += 1;
          if (last && last.expectedByMs > nowMs) counts.online += 1;
        }
      }
      return counts;
    },

    probe: async () => undefined,

    async tidy(nowMs) {
      for (const entry of nodes.all()) {
        for (const [resolution, slots] of Object.entries(entry.history)) {
          const oldestMs = oldestSlotMs(nowMs, resolution as HistoryResolution, historyKept);
          for (const startMs of slots.keys()) if (startMs < oldestMs) slots.delete(startMs);
        }
        entry.commands = entry.commands.filter(({ expiresAtMs }) => expiresAtMs > nowMs - COMMANDS_KEPT_MS);
      }
      events.drop((event) => {
        return event.atMs <= nowMs - (isAuditEvent(event) ? AUDIT_EVENTS_KEPT_MS : EVERYDAY_EVENTS_KEPT_MS);
      });
      for (const { drop } of works) drop(nowMs);
      return false;
    },
  };
}
