import { FleetStoreError } from '../../../fleet/fleet-store-error.js';
import { stopOtherWriter } from './sqlite-error.js';
import { isBusy } from './busy.js';

/**
 * Does work on the database as soon as no other process holds what it needs. SQLite would block the thread while it waits, so
 * it is told not to wait, and the work is retried a little later.
 */
export interface Turns {
  /**
   * For work that changes the database. It is done in order, and at once if no other process holds the database. Whoever
   * changes one thing after the other leaves the thread to others now and then.
   */
  write<Result>(this: void, work: () => Result): Promise<Result>;
  /** For work that only reads. It seldom waits, and never for work that writes. */
  read<Result>(this: void, work: () => Result): Promise<Result>;
  /** Does what waits, if no other process holds the database; otherwise it is rejected with this error. */
  end(this: void, error: Error): void;
}

interface Waiting {
  /** Returns whether the work has ended, in one way or the other. */
  attempt(this: void): boolean;
  reject(this: void, error: Error): void;
}

const PAUSE_MS = 10;
const SLICE_MS = 20;

/** Work that does not get its turn within `timeoutMs` rejects. After `sliceMs` of work, requests are served. */
export function createTurns(timeoutMs: number, sliceMs: number = SLICE_MS): Turns {
  let waiting: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sliceBeganMs: number | undefined;

  /** Whether what is done without a pause has taken long enough: awaiting what is done at once is no pause. */
  const isSliceOver = (): boolean => {
    if (sliceBeganMs !== undefined) return performance.now() - sliceBeganMs >= sliceMs;
    sliceBeganMs = performance.now();
    setImmediate(() => (sliceBeganMs = undefined));
    return false;
  };

  const serve = (): void => {
    timer = undefined;
    const startMs = performance.now();
    do {
      if (!waiting[0]?.attempt()) break;
      waiting.shift();
    } while (performance.now() - startMs < sliceMs);
    if (waiting.length > 0) timer = setTimeout(serve, performance.now() - startMs < sliceMs ? PAUSE_MS : 0);
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
      timer ??= setTimeout(serve, isQueued ? 0 : PAUSE_MS);
    });

  return {
    write: (work) => run(work, waiting.length > 0 || isSliceOver()),
    read: (work) => run(work, false),
    end(error) {
      clearTimeout(timer);
      const ended = waiting;
      waiting = [];
      for (const { attempt, reject } of ended) if (!attempt()) reject(error);
    },
  };
}

function waitedTooLong(timeoutMs: number, cause: unknown): FleetStoreError {
  return new FleetStoreError('contention', `Another process has held the database for ${timeoutMs / 1000} s`, {
    cause,
    remedy: stopOtherWriter,
  });
}
