import { isFleetStoreError } from '../../fleet/fleet-store-error.js';
import type { NodeReport } from '../../fleet/node-report.js';

export interface SentReport {
  nodeId: string;
  report: NodeReport;
}

interface WaitingReport extends SentReport {
  resolve: (isKept: boolean) => void;
  reject: (error: unknown) => void;
}

export interface ReportBatch {
  /** Resolves once the report is written, with whether it was kept. */
  save(this: void, nodeId: string, report: NodeReport): Promise<boolean>;
  /** Begins at once to write everything that waits. Resolves when no report waits. */
  flush(this: void): Promise<void>;
}

/** How long the first report of a batch waits for others. While one batch is written, the next one gathers. */
const GATHERING_MS = 5;

/** With the largest status each, that is 25 MB. Other requests wait while SQLite writes. */
const BATCH_MAX = 200;

/**
 * Group commit: reports that arrive within a few milliseconds share one transaction, because writing through to the disk
 * costs more than all of them.
 *
 * @param write writes many reports in one transaction, and resolves with whether each was kept.
 */
export function createReportBatch(write: (reports: readonly SentReport[]) => Promise<boolean[]>): ReportBatch {
  const waiting: WaitingReport[] = [];
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, GATHERING_MS));
    while (waiting.length > 0) await settle(waiting.splice(0, BATCH_MAX));
    running = undefined;
  };

  /** Never rejects. */
  const settle = async (batch: readonly WaitingReport[]): Promise<void> => {
    try {
      const kept = await write(batch);
      batch.forEach(({ resolve }, index) => resolve(kept[index] === true));
    } catch (error) {
      if (batch.length === 1 || isFleetStoreError(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // One of them cannot be written. The halves find out which, so that no other report is lost.
      const half = Math.ceil(batch.length / 2);
      await settle(batch.slice(0, half));
      await settle(batch.slice(half));
    }
  };

  return {
    save: (nodeId, report) =>
      new Promise((resolve, reject) => {
        waiting.push({ nodeId, report, resolve, reject });
        running ??= run();
      }),
    async flush() {
      const begun: Promise<void>[] = [];
      while (waiting.length > 0) begun.push(settle(waiting.splice(0, BATCH_MAX)));
      await Promise.all(begun);
      await running;
    },
  };
}
