import { type Caller, type Fleet, fleetRoles } from '@serve.zone/baseos-cloudly-handlers';
import { fleetRoutes } from '../routes/fleet-routes.js';
import type { BulkRunner } from './bulk-runner.js';
import type { Service } from '../route/service.js';

type Calls = Partial<Record<keyof Fleet, (caller: Caller, ...args: readonly never[]) => Promise<unknown>>>;

/** The calls of the fleet. Jobs are carried out by the server: whoever begins one need not wait for it. */
export function fleetService(fleet: Fleet, runner: Pick<BulkRunner, 'begin'>): Service {
  const ofJobs: Calls = {
    async confirmBulk(caller, jobId, typedCount) {
      const job = await fleet.confirmBulk(caller, jobId, typedCount);
      runner.begin(job.id);
      return job;
    },
    async runBulk(caller, jobId) {
      // It judges who may go on with the job, and does nothing itself.
      const progress = await fleet.runBulk(caller, jobId, { signal: AbortSignal.abort() });
      runner.begin(jobId);
      return progress;
    },
  };
  const calls: Calls = { ...fleet, ...ofJobs };
  return {
    routes: Object.values(fleetRoutes),
    needs: (call) => fleetRoles[call as keyof Fleet],
    async run({ caller }, call, args) {
      const method = calls[call as keyof Fleet] as (...given: readonly unknown[]) => Promise<unknown>;
      return method(caller, ...args);
    },
  };
}
