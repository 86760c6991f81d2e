import { FleetStoreError } from '../../../fleet/fleet-store-error.js';
import { stopOtherWriter } from './sqlite-error.js';
import { isBusy } from './busy.js';

/**
 * Does work on the database as soon as no other process holds what it needs. SQLite would block the thread while it waits, so
 * it is told not to wait, and the work is retried a little later.
 */
export interface Turns {
  /** For work that changes the database. It is done in order, and at once if no other process holds the database. */
  write<Result>(this: void, work: () => Result): Promise<Result>;
  /** For work that only reads. It seldom waits, and never for work that writes. */
  read<Result>(this: void, work: () => Result): Promise<Result>;
  /** Rejects all waiting work with this error. */
  end(this: void, error: Error): void;
}

interface Waiting {
  /** Returns whether the work has ended, in one way or the other. */
  attempt(this: void): boolean;
  reject(this: void, error: Error): void;
}

const PAUSE_MS = 10;

/** Work that does not get its turn within `timeoutMs` rejects. */
export function createTurns(timeoutMs: number): Turns {
  let waiting: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const serve = (): void => {
    timer = undefined;
    const startMs = performance.now();
    while (waiting.length > 0 && performance.now() - startMs < SLICE_MS) {
      if (!waiting[0]?.attempt()) break;
      waiting.shift();
    }
    if (waiting.length > 0) timer = setTimeout(serve, performance.now() - startMs < SLICE_MS ? PAUSE_MS : 0);
  };

  const run = <Result>(work: () => Result, isQueued: boolean): Promise<Result> =>
    new Promise((resolve, reject) => {
      const deadlineMs = performance.now() + timeoutMs;
      const attempt = (): boolean => {
        try {
          resolve(work());
          return true;
        } catch (error) {
          if (!isBusy(error)) reject(error);
          else if (performance.now() < deadlineMs) return false;
          else reject(waitedTooLong(timeoutMs, error));
          return true;
        }
      };
      if (!isQueued && attempt()) return;
      waiting.push({ attempt, reject });
      timer ??= setTimeout(serve, PAUSE_MS);
    });

  return {
    write: (work) => run(work, waiting.length > 0),
    read: (work) => run(work, false),
    end(error) {
      clearTimeout(timer);
      const ended = waiting;
      waiting = [];
      for (const { reject } of ended) reject(error);
    },
  };
}

/** After this time, requests are served again. */
const SLICE_MS = 20;

function waitedTooLong(timeoutMs: number, cause: unknown): FleetStoreError {
  return new FleetStoreError('contention', `Another process has held the database for ${timeoutMs / 1000} s`, {
    cause,
    remedy: stopOtherWriter,
  });
}
