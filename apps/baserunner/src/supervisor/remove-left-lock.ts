import { existsSync } from 'node:fs';
import { acquireLock } from '@serve.zone/balena-supervisor-client/update-lock';
import type { Environment } from '@serve.zone/baseos-runner-core';

/**
 * Removes the update lock that an earlier agent of this device has left, for an agent that cannot start: a release or
 * another setting may be what mends it. The lock of anything else stays.
 *
 * @returns whether one was removed
 */
export async function removeLeftLock(env: Environment): Promise<boolean> {
  const path = env['BALENA_APP_LOCK_PATH'] || env['RESIN_APP_LOCK_PATH'];
  if (path === undefined || path === '' || !existsSync(path)) return false;
  try {
    const lock = await acquireLock({ path });
    await lock.release();
    return true;
  } catch {
    return false;
  }
}
