import type { UpdateLock } from '@serve.zone/balena-supervisor-client/update-lock';

/** The update lock of BaseRunner's own service, while this process has it. */
export type HeldLock = Pick<UpdateLock, 'isHeld' | 'release'>;

/** Takes the lock at once, or rejects with an `UpdateLockError` that says why not. */
export type TakeServiceLock = () => Promise<HeldLock>;
