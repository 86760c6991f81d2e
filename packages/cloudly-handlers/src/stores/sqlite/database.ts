import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { FleetStoreError } from '../../fleet/fleet-store-error.js';
import { createCheckpoints } from './checkpoints.js';
import type { FileWatch } from './files/file-watch.js';
import { fleetFiles } from './files/fleet-files.js';
import { markText, newMarkId, readMark } from './files/log-mark.js';
import type { SqlValue } from './driver/reading-worker.js';
import { storeErrorOf } from './driver/sqlite-error.js';
import { inSavepoints, snapshot, transaction } from './driver/transaction.js';
import { createTurns, type Ended, endOf, readInTurn, type Work } from './driver/turns.js';
import { createReadAside, type ReadAside } from './read-aside.js';

type Columns = Readonly<Record<string, SqlValue>>;

/** A prepared statement. The type of its rows follows from the STRICT tables of the schema and the columns that it names. */
export interface Statement<Row> {
  get(named: Columns): Row | undefined;
  get(...values: SqlValue[]): Row | undefined;
  all(named: Columns): Row[];
  all(...values: SqlValue[]): Row[];
  run(named: Columns): { changes: number | bigint };
  run(...values: SqlValue[]): { changes: number | bigint };
}

/** A fleet's database that is open. */
export interface Database {
  prepare<Row>(this: void, sql: string): Statement<Row>;
  /** Resolves with what `work` reads, which is of one instant if it is one statement. */
  read<Result>(this: void, work: () => Result): Promise<Result>;
  /** The same, but all that `work` reads is of one instant. */
  readAtOnce<Result>(this: void, work: () => Result): Promise<Result>;
  /** Resolves with the rows of a statement that may take long. In a store that serves nodes, another thread reads them. */
  readAside: ReadAside;
  /**
   * Carries out `work` as if in a transaction of its own, unless another process writes. It is on the disk when the promise
   * resolves. What is asked within a turn shares one transaction, and so one wait for the disk: if a work throws, only what it
   * has done is undone. `work` may be carried out more than once: only the last time counts.
   */
  write<Result>(this: void, work: () => Result): Promise<Result>;
  /** Every later operation rejects, and so does one that still waits for another process. */
  close(this: void): void;
}

export interface DatabaseOptions {
  path: string;
  connection: DatabaseSync;
  /** Opened for reading, which keeps the log from being written back when `connection` is closed. */
  guard: DatabaseSync;
  watch: FileWatch;
  busyTimeoutMs: number;
}

/** So long may a shared transaction keep requests from being served, beside its wait for the disk. */
const SLICE_MS = 10;

/** How long a check of the files holds for operations that only read. */
const SEEN_TO_MS = 5;

interface Changed<Result> {
  result: Result;
  /** That of the log which began with this change. */
  mark: string | undefined;
}

/** A database that checks before and after each change that the files it changes are those at the path. */
export function createDatabase({ path, connection, guard, watch, busyTimeoutMs }: DatabaseOptions): Database {
  const checkpoints = createCheckpoints(connection, watch);
  const statements = {
    mark: connection.prepare('SELECT log_mark FROM cloudly'),
    saveMark: connection.prepare('UPDATE cloudly SET log_mark = ?'),
  };
  let isClosed = false;
  let seenToAtMs = -Infinity;

  const requireOpen = (): void => {
    if (isClosed) throw new TypeError('The store was closed');
  };

  const told =
    <Result>(work: () => Result) =>
    (): Result => {
      try {
        return work();
      } catch (error) {
        throw storeErrorOf(error, path);
      }
    };

  /** Puts the mark of a new log into the log's first transaction. */
  const beginLog = (): string | undefined => {
    const { frameCount, writtenBackCount } = watch.log();
    if (frameCount !== writtenBackCount) return undefined;
    const base = readMark(String(statements.mark.get()?.['log_mark']))?.id ?? newMarkId();
    const mark = markText({ base, id: newMarkId() });
    statements.saveMark.run(mark);
    return mark;
  };

  /** Changes the fleet in one transaction. Throws if nothing was changed. */
  const change = <Result>(work: () => Result): Changed<Result> => {
    requireOpen();
    watch.verify();
    return transaction(connection, () => {
      const mark = beginLog();
      return { result: work(), mark };
    });
  };

  /** The fault if the change went into files that are no longer those at the path. It is made, so it is not made again. */
  const faultAfter = ({ mark }: Changed<unknown>): { error: unknown } | undefined => {
    try {
      watch.verify();
    } catch (error) {
      return { error: storeErrorOf(error, path) };
    }
    if (mark !== undefined) noteMark(path, mark);
    checkpoints.afterCommit();
    return undefined;
  };

  const writeAlone = (work: Work): Ended => {
    const end = endOf(told(() => change(work)));
    if ('error' in end) return end;
    return faultAfter(end.result) ?? { result: end.result.result };
  };

  /** None if all were undone, for a reason that may lie in one of them. */
  const writeTogether = (works: readonly Work[]): Ended[] | undefined => {
    const end = endOf(() => change(() => inSavepoints(connection, works.map(told), SLICE_MS)));
    if ('error' in end) return undefined;
    const fault = faultAfter(end.result);
    return fault ? end.result.result.map(() => fault) : end.result.result;
  };

  const carryOut = (works: readonly [Work, ...Work[]]): Ended[] => {
    const ended = works.length > 1 ? writeTogether(works) : undefined;
    return ended ?? [writeAlone(works[0])];
  };

  const verify = (): void => {
    requireOpen();
    watch.verify();
  };

  const reads = createTurns({ timeoutMs: busyTimeoutMs });
  const writes = createTurns({ timeoutMs: busyTimeoutMs, carryOut });
  const aside = createReadAside({ path, busyTimeoutMs, verify });

  const attemptRead = <Result>(work: () => Result): Result => {
    requireOpen();
    if (performance.now() - seenToAtMs > SEEN_TO_MS) {
      watch.verify();
      seenToAtMs = performance.now();
    }
    return work();
  };

  return {
    prepare: preparing(connection),
    read: (work) =>
      readInTurn(
        reads,
        told(() => attemptRead(work)),
      ),
    readAtOnce: (work) =>
      readInTurn(
        reads,
        told(() => attemptRead(() => snapshot(connection, work))),
      ),
    readAside: aside.readAside,
    write: writes.add,
    close() {
      if (isClosed) return;
      for (const turns of [reads, writes]) {
        turns.end(new FleetStoreError('contention', 'The store was closed while another process held the database'));
      }
      isClosed = true;
      checkpoints.end();
      aside.end(new TypeError('The store was closed'));
      closeBoth({ path, connection, guard, watch });
    },
  };
}

export function preparing(connection: DatabaseSync): Database['prepare'] {
  return <Row>(sql: string) => connection.prepare(sql) as unknown as Statement<Row>;
}

/**
 * When the last connection closes, SQLite writes the log back into the file at the path, and deletes the log. If that is no
 * longer the file that was opened, the guard stays open, so this connection is not the last one. The guard only reads, so it
 * leaves the files as they are.
 */
function closeBoth({ path, connection, guard, watch }: Omit<DatabaseOptions, 'busyTimeoutMs'>): void {
  try {
    watch.verify();
  } catch {
    connection.close();
    return;
  }
  guard.close();
  connection.close();
  watch.release();
  const { log, note } = fleetFiles(path);
  if (!existsSync(log)) rmSync(note, { force: true });
}

/** Without the note, only the loss of a log that is deleted after a crash goes unnoticed. */
function noteMark(path: string, mark: string): void {
  try {
    writeFileSync(fleetFiles(path).note, `${mark}\n`, { mode: 0o600 });
  } catch {
    // The change itself is kept.
  }
}
