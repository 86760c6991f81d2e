import type { NodeState } from './node-facts.js';

// Numbers that sort: those that are quiet for longest come first, after those that were never seen.

/** Of a node that was never seen. */
export const NEVER_SEEN_MS = 0;

/** Of a node that is online. */
export const NOT_QUIET_MS = 9e15;

/** Since when a node is quiet, to filter and sort by: its last heartbeat, unless it is online. */
export function quietSince(state: NodeState, lastHeartbeatAtMs: number = NEVER_SEEN_MS): number {
  return state === 'online' ? NOT_QUIET_MS : lastHeartbeatAtMs;
}

/** The same, to show: absent while it is online and if it was never seen. */
export function shownQuietSince(quietSinceMs: number): number | undefined {
  return quietSinceMs === NEVER_SEEN_MS || quietSinceMs === NOT_QUIET_MS ? undefined : quietSinceMs;
}
