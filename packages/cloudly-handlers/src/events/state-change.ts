import type { ReportedState } from '../facts/node-facts.js';
import type { NodeChange } from './fleet-event.js';

export interface StateMove {
  from: ReportedState;
  to: ReportedState;
  /** Absent of a node that was never seen. */
  lastHeartbeatAtMs?: number | undefined;
  /** When it was heard again. */
  nowMs: number;
}

/** What is told of a node that is heard otherwise than before. Its first heartbeat is nothing to tell. */
export function changeOfState({ from, to, lastHeartbeatAtMs, nowMs }: StateMove): NodeChange | undefined {
  if (from === to || lastHeartbeatAtMs === undefined) return undefined;
  if (to === 'late') return { kind: 'node-late', details: { lastHeartbeatAtMs } };
  if (to === 'offline') return { kind: 'node-offline', details: { lastHeartbeatAtMs } };
  if (to !== 'online' || from === 'never-seen') return undefined;
  return { kind: 'node-back', details: { from, quietMs: Math.max(0, nowMs - lastHeartbeatAtMs) } };
}
