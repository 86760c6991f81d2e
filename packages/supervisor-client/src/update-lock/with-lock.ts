import { acquireLock, type UpdateLock, type UpdateLockOptions } from './acquire-lock.js';

/**
 * Runs `callback` while the Supervisor is kept from stopping this service for an update, and gives its result. The lock is
 * released however it ends. See {@link acquireLock}.
 *
 * @throws UpdateLockError if there is no lock; `callback` is not called then. Otherwise what `callback` throws.
 */
export async function withLock<Result>(
  callback: (lock: UpdateLock) => Result | Promise<Result>,
  options: UpdateLockOptions = {},
): Promise<Result> {
  const lock = await acquireLock(options);
  try {
    return await callback(lock);
  } finally {
    await lock.release();
  }
}
