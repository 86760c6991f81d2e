import type { BulkJob, BulkOutcome, BulkProgress, BulkResult } from '../../fleet-store/bulk-job.js';

/** How long a job that was never confirmed is kept. */
export const UNCONFIRMED_JOBS_KEPT_MS = 24 * 3_600_000;
/** How long any other job is kept. */
export const JOBS_KEPT_MS = 90 * 24 * 3_600_000;

export interface JobRow {
  record: string;
  actor: string;
  confirmed_at_ms: number | null;
  stopped_at_ms: number | null;
  ended_at_ms: number | null;
}

/** The columns of a {@link JobRow}. */
export const jobRowColumns = 'record, actor, confirmed_at_ms, stopped_at_ms, ended_at_ms';

/** Values by column, in the order in which both dialects insert them. */
export function jobColumns(job: BulkJob) {
  return {
    id: job.id,
    created_at_ms: job.createdAtMs,
    actor: job.actor as string,
    confirm_until_ms: job.confirmUntilMs,
    confirmed_at_ms: job.confirmedAtMs ?? null,
    stopped_at_ms: job.stoppedAtMs ?? null,
    ended_at_ms: job.endedAtMs ?? null,
    node_count: job.nodeCount,
    record: JSON.stringify(job),
  };
}

export function jobOf({ record, confirmed_at_ms, stopped_at_ms, ended_at_ms }: JobRow): BulkJob {
  return {
    ...(JSON.parse(record) as BulkJob),
    ...(confirmed_at_ms !== null && { confirmedAtMs: confirmed_at_ms }),
    ...(stopped_at_ms !== null && { stoppedAtMs: stopped_at_ms }),
    ...(ended_at_ms !== null && { endedAtMs: ended_at_ms }),
  };
}

export interface ProgressRow extends JobRow {
  done_count: number;
  failed_count: number;
  skipped_count: number;
  /** Nodes that are being worked on. */
  begun_count: number;
}

export function bulkProgressOf(row: ProgressRow): BulkProgress {
  const job = jobOf(row);
  const { done_count: done, failed_count: failed, skipped_count: skipped } = row;
  return { job, done, failed, skipped, waiting: job.nodeCount - done - failed - skipped - row.begun_count };
}

export interface BulkResultRow {
  node_id: string;
  outcome: string;
  reason: string | null;
}

export function bulkResultOf({ node_id, outcome, reason }: BulkResultRow): BulkResult {
  return { nodeId: node_id, outcome: outcome as BulkOutcome, ...(reason !== null && { reason }) };
}
