import type { KeptNodeAlert } from '../../alert-keeping/kept-alert.js';
import type { NodeAlertKind } from '../../alerts/alert-kinds.js';
import { type NodeFacts, type NodeState } from '../../facts/node-facts.js';
import { shownQuietSince } from '../../facts/quiet-since.js';
import type { CommandRecord } from '../../fleet/command-record.js';
import type { HistoryResolution, HistorySlot } from '../../fleet/history.js';
import type { NodeProfile } from '../../fleet/node-profile.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import type { StoredStatus } from '../../fleet/node-report.js';
import type { StoredNode } from '../../fleet/node-store.js';
import type { FleetNode } from '../../fleet-store/fleet-node.js';
import type { AlertSnooze } from '../../fleet-store/alert.js';
import { headOf, type LastHeartbeat, type Presence, withoutCounts } from '../records/fold-reports.js';
import { copy } from './copy.js';

/** All that is kept of a node. */
export interface NodeEntry {
  node: NodeRecord;
  profile: NodeProfile;
  facts: NodeFacts;
  state: NodeState;
  /** As in `quietSince`. */
  quietSinceMs: number;
  /** When a sweep looks at it next; none of a node that may not send heartbeats. */
  checkAtMs?: number | undefined;
  /** All that are kept of it, and the kinds of those that are open. */
  alerts: KeptNodeAlert[];
  openAlerts: readonly NodeAlertKind[];
  /** By the ID of the alert. */
  snoozes: Map<string, AlertSnooze>;
  /** The conditions that alerts were last judged by. */
  notedConditions: string;
  last?: LastHeartbeat;
  status?: StoredStatus;
  /** The closed slots, by their start. */
  history: Record<HistoryResolution, Map<number, HistorySlot>>;
  /** In the order in which they were added. */
  commands: CommandRecord[];
}

export function storedNode({ node, last, status, commands }: NodeEntry): StoredNode {
  return copy({
    node,
    ...(last && { lastHeartbeat: withoutCounts(last) }),
    ...(status && { status: headOf(status) }),
    ...(commands.length > 0 && { commandsUntilMs: latestExpiry(commands) }),
  });
}

export function fleetNode({ facts, profile, state, quietSinceMs: notedMs, last, openAlerts }: NodeEntry): FleetNode {
  const quietSinceMs = shownQuietSince(notedMs);
  return copy({
    facts,
    labels: profile.labels,
    state,
    ...(quietSinceMs !== undefined && { quietSinceMs }),
    ...(last && { lastHeartbeatAtMs: last.receivedAtMs }),
    alerts: openAlerts,
  });
}

export function presenceOf({ node, last }: NodeEntry): Presence {
  return { ...(node.revokedAtMs === undefined && { acceptedBootId: node.bootId }), ...(last && { last }) };
}

function latestExpiry(commands: readonly CommandRecord[]): number {
  let latestMs = -Infinity;
  for (const { expiresAtMs } of commands) latestMs = Math.max(latestMs, expiresAtMs);
  return latestMs;
}
