import type { NodeReport } from '../../fleet/node-report.js';
import type { Connection } from './connection.js';
import { isOfOneRecord } from './sqlite-error.js';

/** How long the first report of a batch waits for others. */
const GATHERING_MS = 5;

/** Other requests wait while a batch is written. */
const BATCH_MAX = 200;

interface WaitingReport {
  nodeId: string;
  report: NodeReport;
  resolve: (isKept: boolean) => void;
  reject: (error: unknown) => void;
}

export interface ReportBatch {
  /** Resolves once the report is written. */
  save(nodeId: string, report: NodeReport): Promise<boolean>;
  /** Begins to write what waits. */
  flush(this: void): void;
}

/**
 * Group commit: the reports that come within a few milliseconds share one transaction, because writing through to the disk
 * costs more than all of them.
 */
export function createReportBatch(
  write: Connection['write'],
  writeReport: (nodeId: string, report: NodeReport) => boolean,
): ReportBatch {
  let waiting: WaitingReport[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const reports = waiting;
    waiting = [];
    for (let start = 0; start < reports.length; start += BATCH_MAX) {
      void settle(reports.slice(start, start + BATCH_MAX));
    }
  };

  /** Never rejects. */
  const settle = async (batch: readonly WaitingReport[]): Promise<void> => {
    try {
      const kept = await write(() => batch.map(({ nodeId, report }) => writeReport(nodeId, report)));
      batch.forEach(({ resolve }, index) => resolve(kept[index] === true));
    } catch (error) {
      if (batch.length > 1 && isOfOneRecord(error)) await settleInHalves(batch);
      else for (const { reject } of batch) reject(error);
    }
  };

  /** So that a report that cannot be written costs no other. */
  const settleInHalves = async (batch: readonly WaitingReport[]): Promise<void> => {
    const half = Math.ceil(batch.length / 2);
    await settle(batch.slice(0, half));
    await settle(batch.slice(half));
  };

  return {
    flush,
    save: (nodeId, report) =>
      new Promise((resolve, reject) => {
        waiting.push({ nodeId, report, resolve, reject });
        timer ??= setTimeout(flush, GATHERING_MS);
      }),
  };
}
