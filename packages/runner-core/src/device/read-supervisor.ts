import type { Clock } from '../ports/clock.js';
import type { SupervisorReads } from '../ports/supervisor-reads.js';
import { ReadTimeout } from './read-timeout.js';
import type { Read, SupervisorReadings } from './supervisor-status.js';

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
  const over = new AbortController();
  const end = () => over.abort(tooSlow);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  void clock.sleep(supervisorBudgetMs, over.signal).then(end);
  const [device, stateStatus, version] = await Promise.all([
    settle(async () => supervisor.device({ signal: over.signal }), over.signal),
    settle(async () => supervisor.stateStatus({ signal: over.signal }), over.signal),
    settle(async () => supervisor.version({ signal: over.signal }), over.signal),
  ]);
  signal.removeEventListener('abort', end);
  end();
  return { device, stateStatus, version };
}

const tooSlow = new ReadTimeout(supervisorBudgetMs);

async function settle<Value>(read: () => Promise<Value>, over: AbortSignal): Promise<Read<Value>> {
  return new Promise((resolve) => {
    const giveUp = () => resolve({ ok: false, error: tooSlow });
    over.addEventListener('abort', giveUp, { once: true });
    if (over.aborted) return giveUp();
    read().then(
      (value) => resolve({ ok: true, value }),
      (error: unknown) => resolve({ ok: false, error: over.aborted ? tooSlow : error }),
    );
  });
}
