import type { BulkProgress, CallerFleet, RunBulkOptions } from '@serve.zone/baseos-cloudly-handlers';
import type { StartTimer } from '@serve.zone/baseos-cloudly-handlers/mounting';
import { pause } from './pause.js';

const POLL_EVERY_MS = 1000;

/**
 * Has the server go on with a job, and follows it until it is over or the signal aborts; the server goes on in any case. How many
 * nodes it takes at a time is up to the server.
 */
export async function followBulk(
  calls: Pick<CallerFleet, 'runBulk' | 'bulkProgress'>,
  jobId: string,
  { onProgress, signal = new AbortController().signal, startTimer }: RunBulkOptions & { startTimer: StartTimer },
): Promise<BulkProgress> {
  let progress = signal.aborted ? await calls.bulkProgress(jobId) : await calls.runBulk(jobId);
  for (;;) {
    if (!isUnderWay(progress) || signal.aborted) return progress;
    await pause(startTimer, POLL_EVERY_MS, signal);
    progress = await calls.bulkProgress(jobId);
    onProgress?.(progress);
  }
}

function isUnderWay({ job }: BulkProgress): boolean {
  return job.confirmedAtMs !== undefined && job.endedAtMs === undefined;
}
