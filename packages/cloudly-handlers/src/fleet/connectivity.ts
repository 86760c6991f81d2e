import { limits } from '@serve.zone/baseos-contracts';
import type { StoredNode } from './fleet-store.js';

/** Where Cloudly gives none, a node keeps its own, which is this unless somebody has set another. */
export const NODES_OWN_INTERVAL_MS = 60_000;

/** A node is missed after two intervals: one heartbeat may be lost on its way. */
const INTERVALS_UNTIL_MISSED = 2;

/** When a node counts as offline unless another heartbeat has come. */
export function expectedBy(receivedAtMs: number, heartbeatIntervalMs: number): number {
  return receivedAtMs + INTERVALS_UNTIL_MISSED * heartbeatIntervalMs;
}

/** The interval of a node that was given none, by what it has shown so far. */
export function shownInterval({ lastHeartbeat }: StoredNode, bootId: string, receivedAtMs: number): number {
  if (lastHeartbeat?.bootId !== bootId) return NODES_OWN_INTERVAL_MS;
  const gapMs = receivedAtMs - lastHeartbeat.receivedAtMs;
  return Math.min(limits.heartbeatIntervalMaxMs, Math.max(NODES_OWN_INTERVAL_MS, gapMs));
}

/**
 * - `never-seen`: no heartbeat has come yet.
 * - `unknown`: none has come in time, but Cloudly was not there to take it for the node's last two intervals.
 */
export type Connectivity = 'online' | 'offline' | 'unknown' | 'never-seen';

/**
 * Whether a node is online, from what is kept of it and the interval that it was given.
 *
 * @param upSinceMs When this Cloudly began to take requests. For two intervals from then it calls no node offline.
 */
export function connectivityOf({ lastHeartbeat }: StoredNode, nowMs: number, upSinceMs: number): Connectivity {
  if (!lastHeartbeat) return 'never-seen';
  const { receivedAtMs, expectedByMs } = lastHeartbeat;
  if (nowMs < expectedByMs) return 'online';
  return nowMs < upSinceMs + (expectedByMs - receivedAtMs) ? 'unknown' : 'offline';
}
