import type { Clock } from '../ports/clock.js';
import type { SupervisorReads } from '../ports/supervisor-reads.js';
import { readWithin } from './read-within.js';
import type { SupervisorReadings } from './supervisor-status.js';

/** For all reads together: a Supervisor that hangs must not delay a heartbeat for longer. */
export const supervisorBudgetMs = 5000;

/**
 * Reads the Supervisor once, all values at the same time, without retries. It never rejects, and always resolves within
 * the budget or when `signal` aborts.
 */
export async function readSupervisor(
  supervisor: SupervisorReads,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<SupervisorReadings> {
  return readWithin(
    {
      device: async (over) => supervisor.device({ signal: over }),
      stateStatus: async (over) => supervisor.stateStatus({ signal: over }),
      version: async (over) => supervisor.version({ signal: over }),
    },
    { clock, signal, budgetMs: supervisorBudgetMs },
  );
}
