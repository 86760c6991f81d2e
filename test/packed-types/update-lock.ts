// What a program that knows nothing of Node gets of update locks, if it knows what `await using` takes.
import { acquireLock, isUpdateLockError, withLock } from '@serve.zone/balena-supervisor-client/update-lock';

export const hold = async (): Promise<boolean> => {
  await using lock = await acquireLock({ waitMs: 1000 });
  return await lock.isHeld();
};

export const work = (): Promise<string> => withLock(async () => 'done');
export const isHeldBySupervisor = (error: unknown): boolean =>
  isUpdateLockError(error) && error.holder === 'supervisor';
