import { limits } from '@serve.zone/baseos-contracts';
import type { StoredNode } from './node-store.js';

/** Without an interval from Cloudly, a node keeps its own, which is this by default. */
export const NODES_OWN_INTERVAL_MS = 60_000;

/** A node is missed after two intervals: one heartbeat may be lost on its way. */
const INTERVALS_UNTIL_MISSED = 2;

/** When a node counts as offline unless another heartbeat has arrived. */
export function expectedBy(receivedAtMs: number, heartbeatIntervalMs: number): number {
  return receivedAtMs + INTERVALS_UNTIL_MISSED * heartbeatIntervalMs;
}

/** The interval of a node without one from Cloudly, estimated from its heartbeats. */
export function shownInterval({ lastHeartbeat }: StoredNode, bootId: string, receivedAtMs: number): number {
  if (lastHeartbeat?.bootId !== bootId) return NODES_OWN_INTERVAL_MS;
  const gapMs = receivedAtMs - lastHeartbeat.receivedAtMs;
  return Math.min(limits.heartbeatIntervalMaxMs, Math.max(NODES_OWN_INTERVAL_MS, gapMs));
}

/**
 * - `never-seen`: no heartbeat has arrived yet.
 * - `unknown`: none has arrived in time, but Cloudly was not available during the node's last two intervals.
 */
export type Connectivity = 'online' | 'offline' | 'unknown' | 'never-seen';

/**
 * Whether a node is online, according to its stored data and its interval.
 *
 * @param upSinceMs When this Cloudly began to accept requests. For two intervals from then, no node counts as offline.
 */
export function connectivityOf({ lastHeartbeat }: StoredNode, nowMs: number, upSinceMs: number): Connectivity {
  if (!lastHeartbeat) return 'never-seen';
  const { receivedAtMs, expectedByMs } = lastHeartbeat;
  if (nowMs < expectedByMs) return 'online';
  return nowMs < upSinceMs + (expectedByMs - receivedAtMs) ? 'unknown' : 'offline';
}
