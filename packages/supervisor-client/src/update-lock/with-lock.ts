import { acquireLock, type UpdateLock, type UpdateLockOptions } from './acquire-lock.js';

/**
 * Runs `callback` while holding the update lock, and resolves with its result. The lock is released in any case. See
 * {@link acquireLock}.
 *
 * @throws UpdateLockError if the lock cannot be taken; `callback` is not called then. Otherwise what `callback` throws.
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
