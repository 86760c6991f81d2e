import type { NodeReport, StoredHeartbeat } from '../../fleet/node-report.js';
import type { StorageSeen } from './storage-seen.js';

/** Why a store must look at the facts of a node that has sent reports. */
export interface FactsChange {
  /** A status was kept. */
  hasStatus: boolean;
  /** Its free storage is on another step. */
  hasStorageMoved: boolean;
  /** Its clock is off, or right again. */
  hasClockMoved: boolean;
  /** It was heard for the first time, or when it was already missed, so that a sweep may have found it late or offline. */
  heard?: Heard;
}

export interface Heard {
  atMs: number;
  /** When it was heard before; absent if it was never. */
  lastHeartbeatAtMs?: number;
}

interface HeartbeatBefore extends StoredHeartbeat {
  storage?: StorageSeen;
  isClockOff?: true;
}

/** What one report changes. */
export function factsChangeOf(
  { status }: Pick<NodeReport, 'status'>,
  before: HeartbeatBefore | undefined,
  heartbeat: HeartbeatBefore | undefined,
): FactsChange | undefined {
  const hasStatus = status !== undefined;
  const hasStorageMoved = heartbeat !== undefined && heartbeat.storage?.freePercent !== before?.storage?.freePercent;
  const hasClockMoved = heartbeat !== undefined && heartbeat.isClockOff !== before?.isClockOff;
  const heard = heartbeat && heardAgain(before, heartbeat);
  if (!hasStatus && !hasStorageMoved && !hasClockMoved && !heard) return undefined;
  return { hasStatus, hasStorageMoved, hasClockMoved, ...(heard && { heard }) };
}

function heardAgain(before: HeartbeatBefore | undefined, { receivedAtMs }: HeartbeatBefore): Heard | undefined {
  if (!before) return { atMs: receivedAtMs };
  if (receivedAtMs < before.expectedByMs) return undefined;
  return { atMs: receivedAtMs, lastHeartbeatAtMs: before.receivedAtMs };
}

/** What two reports change that are written together: what was found before them was found before the first. */
export function mergeFactsChanges(
  one: FactsChange | undefined,
  later: FactsChange | undefined,
): FactsChange | undefined {
  if (!one || !later) return one ?? later;
  const heard = one.heard ?? later.heard;
  return {
    hasStatus: one.hasStatus || later.hasStatus,
    hasStorageMoved: one.hasStorageMoved || later.hasStorageMoved,
    hasClockMoved: one.hasClockMoved || later.hasClockMoved,
    ...(heard && { heard }),
  };
}
