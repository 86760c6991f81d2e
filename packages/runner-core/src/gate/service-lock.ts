/** The update lock of BaseRunner's own service, while this process has it. */
export interface HeldLock {
  /** Whether it still holds releases back: a forced update deletes the lock. */
  isHeld(): Promise<boolean>;
  /** Lets releases through. It does not fail if the lock was lost. */
  release(): Promise<void>;
}

/** Takes the lock at once, or rejects with an `UpdateLockError` that says why not. */
export type TakeServiceLock = () => Promise<HeldLock>;
