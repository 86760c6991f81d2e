/** Held by one agent at a time; a crash of its holder releases it. */
export interface DirectoryLock {
  release(): Promise<void>;
}

export interface LockRequest {
  directory: string;
  signal?: AbortSignal | undefined;
  /** Called once, when another agent holds it. */
  onWait?: (() => void) | undefined;
}

/** Waits until no other agent holds the directory. Fails where no lock can be made there, or with the signal's reason. */
export type LockDirectory = (request: LockRequest) => Promise<DirectoryLock>;
