import { primaryCode } from './sqlite-error.js';

const SQLITE_BUSY = 5;

/** Whether another process held what SQLite needed. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === SQLITE_BUSY;
}

/** Blocks the thread, as opening a database does anyway. */
export function pause(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
