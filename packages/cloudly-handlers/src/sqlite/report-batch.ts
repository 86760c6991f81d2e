import type { DatabaseSync } from 'node:sqlite';
import type { NodeReport } from '../node-report.js';
import { transaction } from './transaction.js';

/** How long the first report of a batch waits for others. */
const GATHERING_MS = 5;

interface WaitingReport {
  nodeId: string;
  report: NodeReport;
  resolve: (isKept: boolean) => void;
  reject: (error: unknown) => void;
}

export interface ReportBatch {
  /** Resolves once the report is written. */
  save(nodeId: string, report: NodeReport): Promise<boolean>;
  /** Writes what waits. */
  flush(this: void): void;
}

/**
 * Group commit: the reports that come within a few milliseconds share one transaction, because writing through to the disk
 * costs more than all of them.
 */
export const createReportBatch = (
  database: DatabaseSync,
  write: (nodeId: string, report: NodeReport) => boolean,
): ReportBatch => {
  let waiting: WaitingReport[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    if (!settleTogether(database, batch, write)) for (const one of batch) settleAlone(database, one, write);
  };

  return {
    flush,
    save: (nodeId, report) =>
      new Promise((resolve, reject) => {
        waiting.push({ nodeId, report, resolve, reject });
        timer ??= setTimeout(flush, GATHERING_MS);
      }),
  };
};

type Write = (nodeId: string, report: NodeReport) => boolean;

const settleTogether = (database: DatabaseSync, batch: readonly WaitingReport[], write: Write): boolean => {
  if (batch.length < 2) return false;
  try {
    const kept = transaction(database, () => batch.map(({ nodeId, report }) => write(nodeId, report)));
    batch.forEach(({ resolve }, index) => resolve(kept[index] === true));
    return true;
  } catch {
    return false;
  }
};

/** So that a report that cannot be written costs no other. */
const settleAlone = (
  database: DatabaseSync,
  { nodeId, report, resolve, reject }: WaitingReport,
  write: Write,
): void => {
  try {
    resolve(transaction(database, () => write(nodeId, report)));
  } catch (error) {
    reject(error);
  }
};
