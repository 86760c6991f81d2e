import {
  type HistoryKept,
  type HistoryResolution,
  type HistorySlot,
  mergeSlots,
  type SlotCounts,
  turnSlots,
} from '../../fleet/history.js';
import type { NodeReport, StatusHead, StoredHeartbeat, StoredStatus } from '../../fleet/node-report.js';
import { factsChangeOf, type FactsChange, mergeFactsChanges } from './facts-change.js';
import { isClockOff } from '../../facts/clock-off.js';
import { type StorageSeen, storageSeen } from './storage-seen.js';

/** The data by which a store judges a node's reports. */
export interface Presence {
  /** The process whose reports are kept; absent for a revoked node. */
  acceptedBootId?: string;
  last?: LastHeartbeat;
}

/** The newest heartbeat, and what is carried from one to the next: how many have arrived in its open slots, storage, and whether its clock is off. */
export interface LastHeartbeat extends StoredHeartbeat {
  counts: SlotCounts;
  /** Absent while the size of the node's storage is not known. */
  storage?: StorageSeen;
  /** By this heartbeat and those before, so that it does not go to and fro. */
  isClockOff?: true;
}

export interface FinishedSlot {
  resolution: HistoryResolution;
  slot: HistorySlot;
}

/** The data that a store writes for several reports of one node. */
export interface FoldedReports {
  /** Whether each report is kept, in the order of the reports. */
  kept: boolean[];
  /** The last heartbeat that is kept; absent if none is. */
  heartbeat?: LastHeartbeat;
  /** The last status that is kept; absent if none is. */
  status?: StoredStatus;
  /** The slots that the reports have closed, each once. */
  finished: FinishedSlot[];
  /** Present if the node's facts must be derived again. */
  factsChange?: FactsChange;
}

/** Judges reports of one node one after the other, as if each were written before the next is read: one write is enough. */
export function foldReports(
  { acceptedBootId, last }: Presence,
  reports: readonly NodeReport[],
  historyKept?: HistoryKept,
): FoldedReports {
  const folded: FoldedReports = { kept: [], finished: [] };
  const finished = new Map<string, FinishedSlot>();
  let before = last;
  let factsChange: FactsChange | undefined;
  for (const report of reports) {
    const isKept = report.bootId === acceptedBootId && !isLate(report, before);
    folded.kept.push(isKept);
    if (!isKept) continue;
    if (report.status) folded.status = statusOf(report, report.status);
    const heartbeat = report.sequence < 1 ? undefined : nextHeartbeat(report, before, historyKept, finished);
    factsChange = mergeFactsChanges(factsChange, factsChangeOf(report, before, heartbeat));
    if (heartbeat) folded.heartbeat = before = heartbeat;
  }
  folded.finished = [...finished.values()];
  return { ...folded, ...(factsChange && { factsChange }) };
}

function nextHeartbeat(
  report: NodeReport,
  before: LastHeartbeat | undefined,
  historyKept: HistoryKept | undefined,
  finished: Map<string, FinishedSlot>,
): LastHeartbeat {
  const turn = turnSlots(before, report.receivedAtMs, historyKept);
  for (const slot of turn.finished) addFinished(finished, slot);
  const storage = storageSeen(report, before?.storage);
  const isOff = isClockOff(report.vitals?.clockSkewMs, before?.isClockOff);
  return {
    ...heartbeatOf(report),
    counts: turn.counts,
    ...(storage && { storage }),
    ...(isOff && { isClockOff: true }),
  };
}

function isLate({ bootId, sequence }: NodeReport, last: LastHeartbeat | undefined): boolean {
  return last?.bootId === bootId && last.sequence >= sequence;
}

function statusOf({ bootId, receivedAtMs, statusHash }: NodeReport, status: StoredStatus['status']): StoredStatus {
  return {
    bootId,
    receivedAtMs,
    ...(statusHash !== undefined && { hash: statusHash }),
    ...(status.updates && { updates: status.updates }),
    status,
  };
}

function heartbeatOf({ status: _status, statusHash: _statusHash, ...heartbeat }: NodeReport): StoredHeartbeat {
  return { ...heartbeat, expectedByMs: heartbeat.expectedByMs ?? heartbeat.receivedAtMs };
}

/** A slot is closed twice if the clock was set back. */
function addFinished(finished: Map<string, FinishedSlot>, { resolution, slot }: FinishedSlot): void {
  const key = `${resolution} ${slot.startMs}`;
  const before = finished.get(key);
  finished.set(key, { resolution, slot: before ? mergeSlots(before.slot, slot) : slot });
}

/** The heartbeat that a store returns. */
export function withoutCounts({
  counts: _counts,
  storage: _storage,
  isClockOff: _clock,
  ...heartbeat
}: LastHeartbeat): StoredHeartbeat {
  return heartbeat;
}

/** The status without its document, which may be large. */
export function headOf({ status: _document, ...head }: StoredStatus): StatusHead {
  return head;
}
