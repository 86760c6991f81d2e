import { primaryCode } from './sqlite-error.js';

const SQLITE_BUSY = 5;

/** Whether another process holds what SQLite needed. */
export const isBusy = (error: unknown): boolean => primaryCode(error) === SQLITE_BUSY;

/** Holds the thread, as opening a database does anyway. */
export const pause = (durationMs: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
};
