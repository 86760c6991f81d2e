import type { Caller, Fleet } from '@serve.zone/baseos-cloudly-handlers';

/** Carries out jobs in the background. */
export interface BulkRunner {
  /** Goes on with a job, unless it does so already. */
  begin(this: void, jobId: string): void;
  /** Goes on with the jobs that another process has left. */
  resume(this: void): Promise<void>;
  /** Begins no further batch, and resolves when those that were begun are done. */
  drain(this: void): Promise<void>;
}

export interface BulkRunnerOptions {
  fleet: Pick<Fleet, 'runBulk' | 'listBulk'>;
  onError: (error: unknown) => void;
}

/** A job does what its creator may do, whoever carries it out. */
const server: Caller = { actor: 'system', role: 'admin' };

/** More jobs than that are not under way; the next time finds the others. */
const JOBS_MAX = 1000;

export function createBulkRunner({ fleet, onError }: BulkRunnerOptions): BulkRunner {
  const running = new Map<string, Promise<void>>();
  const draining = new AbortController();

  const run = async (jobId: string): Promise<void> => {
    try {
      await fleet.runBulk(server, jobId, { signal: draining.signal });
    } catch (error) {
      onError(error);
    } finally {
      running.delete(jobId);
    }
  };
  const begin = (jobId: string): void => {
    if (!running.has(jobId) && !draining.signal.aborted) running.set(jobId, run(jobId));
  };

  return {
    begin,
    async resume() {
      if (draining.signal.aborted) return;
      const jobs = await fleet.listBulk(server, JOBS_MAX);
      const left = jobs.filter(({ job }) => job.confirmedAtMs !== undefined && job.endedAtMs === undefined);
      for (const { job } of left) begin(job.id);
    },
    async drain() {
      draining.abort();
      await Promise.all(running.values());
    },
  };
}
