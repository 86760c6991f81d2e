import {
  type CountedHeartbeat,
  type HistoryKept,
  type HistoryResolution,
  type HistorySlot,
  mergeSlots,
  turnSlots,
} from '../../fleet/history.js';
import type { NodeReport } from '../../fleet/node-report.js';

/** What a node's reports are judged by. */
export interface Presence {
  /** The process whose reports are kept; absent for a revoked node. */
  acceptedBootId?: string;
  last?: LastHeartbeat;
}

interface LastHeartbeat extends CountedHeartbeat {
  bootId: string;
  sequence: number;
}

export interface FinishedSlot {
  resolution: HistoryResolution;
  slot: HistorySlot;
}

/** What reports of one node come to. */
export interface FoldedReports {
  /** Whether each was kept, in their order. */
  kept: boolean[];
  /** The last heartbeat that was kept. */
  heartbeat?: NodeReport & Pick<CountedHeartbeat, 'counts'>;
  /** The last kept report that has a status. */
  status?: NodeReport;
  /** The slots that they have closed, each once. */
  finished: FinishedSlot[];
}

/** Judges the reports one after the other, as if each were written before the next is read, so that one write will do. */
export function foldReports(
  { acceptedBootId, last }: Presence,
  reports: readonly NodeReport[],
  historyKept?: HistoryKept,
): FoldedReports {
  const folded: FoldedReports = { kept: [], finished: [] };
  const finished = new Map<string, FinishedSlot>();
  let before = last;
  for (const report of reports) {
    const { bootId, sequence } = report;
    const isKept = bootId === acceptedBootId && !(before?.bootId === bootId && before.sequence >= sequence);
    folded.kept.push(isKept);
    if (!isKept) continue;
    if (report.status) folded.status = report;
    if (sequence < 1) continue;
    const turn = turnSlots(before, report.receivedAtMs, historyKept);
    for (const slot of turn.finished) addSlot(finished, slot);
    folded.heartbeat = before = { ...report, counts: turn.counts };
  }
  folded.finished = [...finished.values()];
  return folded;
}

/** A slot is closed twice where the clock was set back. */
function addSlot(finished: Map<string, FinishedSlot>, { resolution, slot }: FinishedSlot): void {
  const key = `${resolution} ${slot.startMs}`;
  const before = finished.get(key);
  finished.set(key, { resolution, slot: before ? mergeSlots(before.slot, slot) : slot });
}
