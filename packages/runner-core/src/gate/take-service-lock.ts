import { acquireLock, type UpdateLock } from '@serve.zone/balena-supervisor-client/update-lock';
import type { HeldLock } from './service-lock.js';

/** The lock that an agent of this process took last, by its path. */
const takenLast = new Map<string, UpdateLock>();

/**
 * Takes the update lock of a service, at its path, or where the Supervisor places locks. An agent that is stopped leaves its lock,
 * and the process counts it as held once: the next agent of the same process takes that over, so that the lock is gone once it
 * releases it.
 */
export async function takeServiceLock(path: string | undefined): Promise<HeldLock> {
  const lock = await acquireLock({ path });
  await takenLast.get(lock.path)?.release();
  takenLast.set(lock.path, lock);
  return lock;
}
