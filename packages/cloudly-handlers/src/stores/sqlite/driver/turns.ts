import { FleetStoreError } from '../../../fleet/fleet-store-error.js';
import { stopOtherWriter } from './sqlite-error.js';
import { isBusy } from './busy.js';

/**
 * Does work on the database as soon as no other process holds what it needs. SQLite would block the thread while it waits, so
 * it is told not to wait, and the work is retried a little later.
 */
export interface Turns {
  /** Does the work in order, with what else waits at the end of this turn of the event loop. Requests are served in between. */
  add<Result>(this: void, work: () => Result): Promise<Result>;
  /** Does what waits, if no other process holds the database; otherwise it is rejected with this error. */
  end(this: void, error: Error): void;
}

export type Work = () => unknown;

/** How a work has ended. */
export type Ended<Result = unknown> = { result: Result } | { error: unknown };

export interface TurnsOptions {
  /** Work that does not get its turn within this time rejects. */
  timeoutMs: number;
  /**
   * Does some of what waits, at least the first, and returns how each of these has ended. Throws SQLite's error if another
   * process holds the database.
   */
  carryOut?: (works: readonly [Work, ...Work[]]) => readonly Ended[];
}

interface Waiting {
  work: Work;
  deadlineMs: number;
  resolve(this: void, result: unknown): void;
  reject(this: void, error: unknown): void;
}

const PAUSE_MS = 10;

export function createTurns({ timeoutMs, carryOut = ([work]) => [endOf(work)] }: TurnsOptions): Turns {
  let waiting: Waiting[] = [];
  let isScheduled = false;

  /** Returns whether no other process holds the database. */
  const advance = ([first, ...others]: readonly [Waiting, ...Waiting[]]): boolean => {
    try {
      const ended = carryOut([first.work, ...others.map(({ work }) => work)]);
      waiting.splice(0, ended.length).forEach(({ resolve, reject }, index) => {
        const end = ended[index];
        if (end && 'result' in end) resolve(end.result);
        else reject(end?.error);
      });
      return true;
    } catch (error) {
      const nowMs = performance.now();
      for (const { reject } of waiting.filter(({ deadlineMs }) => deadlineMs <= nowMs)) {
        reject(waitedTooLong(timeoutMs, error));
      }
      waiting = waiting.filter(({ deadlineMs }) => deadlineMs > nowMs);
      return false;
    }
  };

  const serve = (): void => {
    isScheduled = false;
    if (!isSome(waiting)) return;
    const isFree = advance(waiting);
    if (waiting.length > 0) schedule(isFree);
  };

  const schedule = (isFree: boolean): void => {
    if (isScheduled) return;
    isScheduled = true;
    if (isFree) setImmediate(serve);
    else setTimeout(serve, PAUSE_MS);
  };

  return {
    add: <Result>(work: () => Result) =>
      new Promise<Result>((resolve, reject) => {
        const deadlineMs = performance.now() + timeoutMs;
        waiting.push({ work, deadlineMs, resolve: (result) => resolve(result as Result), reject });
        schedule(true);
      }),
    end(error) {
      while (isSome(waiting) && advance(waiting));
      for (const { reject } of waiting.splice(0)) reject(error);
    },
  };
}

/** Reads at once, which seldom has to wait, and never for work that writes. */
export function readInTurn<Result>(turns: Turns, work: () => Result): Promise<Result> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return isBusy(error) ? turns.add(work) : Promise.reject(error);
  }
}

/** @throws SQLite's error if another process holds the database: then it has not ended. */
export function endOf<Result>(work: () => Result): Ended<Result> {
  try {
    return { result: work() };
  } catch (error) {
    if (isBusy(error)) throw error;
    return { error };
  }
}

function isSome<Item>(items: readonly Item[]): items is readonly [Item, ...Item[]] {
  return items.length > 0;
}

function waitedTooLong(timeoutMs: number, cause: unknown): FleetStoreError {
  return new FleetStoreError('contention', `Another process has held the database for ${timeoutMs / 1000} s`, {
    cause,
    remedy: stopOtherWriter,
  });
}
