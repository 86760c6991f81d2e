import type { BulkJob, BulkProgress } from '../../fleet-store/bulk-job.js';
import type { FleetWideEventBody } from '../../events/fleet-event.js';

/** What becomes of a job, and what is told of it. Nothing is told if it stays as it is. */
export interface JobChange {
  job: BulkJob;
  told: FleetWideEventBody[];
}

/** A job without nodes ends as it begins. */
export function confirmJob(job: BulkJob, nowMs: number): JobChange {
  const { id: jobId, action, nodeCount } = job;
  const isTooLate = nowMs >= job.confirmUntilMs || job.stoppedAtMs !== undefined;
  if (job.confirmedAtMs !== undefined || isTooLate) return { job, told: [] };
  const confirmed = { ...job, confirmedAtMs: nowMs };
  const begun: FleetWideEventBody = { kind: 'bulk-begun', details: { jobId, action: action.kind, nodeCount } };
  const { job: next, told } = endJob({ job: confirmed, done: 0, failed: 0, skipped: 0 }, nowMs);
  return { job: next, told: [begun, ...told] };
}

export function stopJob(job: BulkJob, nowMs: number): JobChange {
  if (job.stoppedAtMs !== undefined || job.endedAtMs !== undefined) return { job, told: [] };
  return { job: { ...job, stoppedAtMs: nowMs }, told: [{ kind: 'bulk-stopped', details: { jobId: job.id } }] };
}

/** Ends a job that was stopped, or whose last node has its result. */
export function endJob(progress: Omit<BulkProgress, 'waiting'>, nowMs: number): JobChange {
  const { job, done, failed, skipped } = progress;
  const isComplete = job.confirmedAtMs !== undefined && done + failed + skipped >= job.nodeCount;
  const isOver = job.stoppedAtMs !== undefined || isComplete;
  if (job.endedAtMs !== undefined || !isOver) return { job, told: [] };
  const ended: FleetWideEventBody = { kind: 'bulk-ended', details: { jobId: job.id, done, failed, skipped } };
  return { job: { ...job, endedAtMs: nowMs }, told: [ended] };
}

/** Whether nodes of it may be taken. */
export function isRunning({ confirmedAtMs, stoppedAtMs, endedAtMs }: BulkJob): boolean {
  return confirmedAtMs !== undefined && stoppedAtMs === undefined && endedAtMs === undefined;
}
