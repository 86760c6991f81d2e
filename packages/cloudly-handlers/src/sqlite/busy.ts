const SQLITE_BUSY = 5;

/** Whether another process holds what SQLite needed (primary result code 5, also of its extended codes). */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  (error.errcode & 0xff) === SQLITE_BUSY;

/** Holds the thread, as node:sqlite itself does. */
export const pause = (durationMs: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
};
