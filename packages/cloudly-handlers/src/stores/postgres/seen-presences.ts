import type { LastHeartbeat } from '../records/fold-reports.js';
import { lastHeartbeatOf } from '../records/rows.js';

/** What a look-up has seen of a node's presence, by which its next report is folded without another look. */
export interface SeenPresence {
  /** Counts the changes: a report is written only while it is still the same. */
  version: number;
  last: LastHeartbeat | undefined;
}

export interface PresenceVersionRow {
  node_id: string;
  version: number;
  last_heartbeat: string | null;
}

/** Between its look-up and its report a heartbeat takes some milliseconds; some 10 MB at most. */
const SEEN_MAX = 10_000;

/** Remembers what was seen of a node until its report comes. */
export function createSeenPresences() {
  const seen = new Map<string, Omit<PresenceVersionRow, 'node_id'>>();
  return {
    note(this: void, { node_id, version, last_heartbeat }: PresenceVersionRow): void {
      seen.delete(node_id);
      seen.set(node_id, { version, last_heartbeat });
      if (seen.size <= SEEN_MAX) return;
      const [oldest] = seen.keys();
      if (oldest !== undefined) seen.delete(oldest);
    },
    /** Gives it once. */
    take(this: void, nodeId: string): SeenPresence | undefined {
      const found = seen.get(nodeId);
      if (!found) return undefined;
      seen.delete(nodeId);
      const { version, last_heartbeat } = found;
      return { version, last: last_heartbeat === null ? undefined : lastHeartbeatOf(last_heartbeat) };
    },
  };
}

export type SeenPresences = ReturnType<typeof createSeenPresences>;
