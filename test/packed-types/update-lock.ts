// What a program that knows nothing of Node gets of update locks, if it knows what `await using` takes.
import { acquireLock, isUpdateLockError, withLock } from '@serve.zone/balena-supervisor-client/update-lock';

export async function hold(): Promise<boolean> {
  await using lock = await acquireLock({ waitMs: 1000 });
  return await lock.isHeld();
}

export function work(): Promise<string> {
  return withLock(async () => 'done');
}

export function isHeldBySupervisor(error: unknown): boolean {
  return isUpdateLockError(error) && error.holder === 'supervisor';
}
