import type { Clock } from '../ports/clock.js';
import type { SupervisorReads } from '../ports/supervisor-reads.js';
import { readWithin } from './read-within.js';
import type { SupervisorReadings } from './supervisor-status.js';

/** For all reads together: a Supervisor that hangs must not delay a heartbeat for longer. */
export const supervisorBudgetMs = 5000;

/** How long the second read waits for the first, so that both need a single connection. */
const secondReadAfterMs = 250;

/** A Supervisor whose engine hangs still tells its version, by which it differs from one that does not run. */
const versionReadAfterMs = 1000;

/**
 * Reads the Supervisor once, without retries. It never rejects, and always resolves within the budget or when `signal`
 * aborts. The device contains the version, which is read on its own only if the device is not answered soon.
 */
export async function readSupervisor(
  supervisor: SupervisorReads,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<SupervisorReadings> {
  const read = new AbortController();
  let version: string | undefined;
  let tellVersion: (version: string) => void;
  const versionOfDevice = new Promise<string>((resolve) => {
    tellVersion = resolve;
  });
  const untilDeviceIsRead = async (withinMs: number, over: AbortSignal): Promise<void> => {
    await clock.sleep(withinMs, read.signal);
    over.throwIfAborted();
  };
  return readWithin(
    {
      device: async (over) => {
        over.addEventListener('abort', () => read.abort('over'), { once: true });
        try {
          const device = await supervisor.device({ signal: over });
          version = device.supervisorVersion;
          tellVersion(version);
          return device;
        } finally {
          read.abort('read');
        }
      },
      stateStatus: async (over) => {
        await untilDeviceIsRead(secondReadAfterMs, over);
        return supervisor.stateStatus({ signal: over });
      },
      version: async (over) => {
        await untilDeviceIsRead(versionReadAfterMs, over);
        return version ?? Promise.race([versionOfDevice, supervisor.version({ signal: over })]);
      },
    },
    { clock, signal, budgetMs: supervisorBudgetMs },
  );
}
