import { isFleetStoreError } from '../../fleet/fleet-store-error.js';
import type { NodeReport } from '../../fleet/node-report.js';
import { createGathering } from './gathering.js';

export interface SentReport {
  nodeId: string;
  report: NodeReport;
}

export interface ReportBatch {
  /** Resolves once the report is written, with whether it was kept. */
  save(this: void, nodeId: string, report: NodeReport): Promise<boolean>;
  /** Begins at once to write everything that waits. Resolves when no report waits. */
  flush(this: void): Promise<void>;
}

type Write = (reports: readonly SentReport[]) => Promise<boolean[]>;

/** A commit costs about as much as writing some reports. */
const GATHERING_MS = 5;

/** With the largest status each, that is 25 MB. Other requests wait while SQLite writes. */
const BATCH_MAX = 200;

/**
 * Group commit: reports that arrive within a few milliseconds share one transaction, because writing through to the disk
 * costs more than all of them.
 *
 * @param write writes many reports in one transaction, and resolves with whether each was kept.
 */
export function createReportBatch(write: Write): ReportBatch {
  const { ask, flush } = createGathering<SentReport, Outcome>({
    gatherMs: GATHERING_MS,
    batchMax: BATCH_MAX,
    // In order: a report that is overtaken by a newer one of its node is late.
    parallelMax: 1,
    work: (reports) => writeWhatCan(write, reports),
  });
  return {
    save: async (nodeId, report) => {
      const outcome = await ask({ nodeId, report });
      if ('error' in outcome) throw outcome.error;
      return outcome.isKept;
    },
    flush,
  };
}

type Outcome = { isKept: boolean } | { error: unknown };

async function writeWhatCan(write: Write, reports: readonly SentReport[]): Promise<Outcome[]> {
  try {
    return (await write(reports)).map((isKept) => ({ isKept }));
  } catch (error) {
    if (reports.length === 1 || isFleetStoreError(error)) return reports.map(() => ({ error }));
    // One of them cannot be written. The halves find out which, so that no other report is lost.
    const half = Math.ceil(reports.length / 2);
    return [
      ...(await writeWhatCan(write, reports.slice(0, half))),
      ...(await writeWhatCan(write, reports.slice(half))),
    ];
  }
}
