import type { BulkJob, BulkProgress, BulkResult } from '../../fleet-store/bulk-job.js';
import { JOBS_KEPT_MS, UNCONFIRMED_JOBS_KEPT_MS } from '../records/bulk-rows.js';

/** A job with its nodes. */
export interface BulkEntry {
  job: BulkJob;
  /** In the order of their IDs. */
  nodes: Map<string, BulkNode>;
}

export interface BulkNode {
  /** Somebody works on it until then. */
  leaseUntilMs: number;
  result?: BulkResult;
}

/** The jobs, in the order in which they were added. */
export interface BulkWork {
  jobs: Map<string, BulkEntry>;
  /** Drops those that are old. */
  drop(this: void, nowMs: number): void;
}

export function createBulkWork(): BulkWork {
  const jobs = new Map<string, BulkEntry>();
  return {
    jobs,
    drop(nowMs) {
      for (const { job } of jobs.values()) {
        const keptMs = job.confirmedAtMs === undefined ? UNCONFIRMED_JOBS_KEPT_MS : JOBS_KEPT_MS;
        if (job.createdAtMs <= nowMs - keptMs) jobs.delete(job.id);
      }
    },
  };
}

export function progressOf({ job, nodes }: BulkEntry, nowMs: number): BulkProgress {
  const progress = { job, done: 0, failed: 0, skipped: 0, waiting: 0 };
  for (const { result, leaseUntilMs } of nodes.values()) {
    if (result) progress[result.outcome] += 1;
    else if (leaseUntilMs <= nowMs) progress.waiting += 1;
  }
  return progress;
}
