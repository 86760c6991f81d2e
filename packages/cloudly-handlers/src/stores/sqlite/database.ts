import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { FleetStoreError } from '../../fleet/fleet-store-error.js';
import { createCheckpoints } from './checkpoints.js';
import type { FileWatch } from './files/file-watch.js';
import { fleetFiles } from './files/fleet-files.js';
import { markText, newMarkId, readMark } from './files/log-mark.js';
import type { SqlValue } from './driver/reading-worker.js';
import { storeErrorOf } from './driver/sqlite-error.js';
import { snapshot, transaction } from './driver/transaction.js';
import { createTurns } from './driver/turns.js';
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
   * Carries out `work` in a transaction, at once unless another process writes. It is on the disk when the promise resolves.
   * While it waits, `work` may be carried out more than once: only the last time counts.
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

/** How long a check of the files holds for operations that only read. */
const SEEN_TO_MS = 5;

/** A database that checks before and after each change that the files it changes are those at the path. */
export function createDatabase({ path, connection, guard, watch, busyTimeoutMs }: DatabaseOptions): Database {
  const turns = createTurns(busyTimeoutMs);
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

  /** Puts the mark of a new log into the log's first transaction. */
  const beginLog = (): string | undefined => {
    const { frameCount, writtenBackCount } = watch.log();
    if (frameCount !== writtenBackCount) return undefined;
    const base = readMark(String(statements.mark.get()?.['log_mark']))?.id ?? newMarkId();
    const mark = markText({ base, id: newMarkId() });
    statements.saveMark.run(mark);
    return mark;
  };

  const attemptWrite = <Result>(work: () => Result): Result => {
    requireOpen();
    watch.verify();
    const [result, mark] = transaction(connection, () => {
      const begun = beginLog();
      return [work(), begun] as const;
    });
    watch.verify();
    if (mark !== undefined) noteMark(path, mark);
    checkpoints.afterCommit();
    return result;
  };

  const verify = (): void => {
    requireOpen();
    watch.verify();
  };

  const aside = createReadAside({ path, busyTimeoutMs, verify });

  const attemptRead = <Result>(work: () => Result): Result => {
    requireOpen();
    if (performance.now() - seenToAtMs > SEEN_TO_MS) {
      watch.verify();
      seenToAtMs = performance.now();
    }
    return work();
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

  return {
    prepare: preparing(connection),
    read: (work) => turns.read(told(() => attemptRead(work))),
    readAtOnce: (work) => turns.read(told(() => attemptRead(() => snapshot(connection, work)))),
    readAside: aside.readAside,
    write: (work) => turns.write(told(() => attemptWrite(work))),
    close() {
      if (isClosed) return;
      turns.end(new FleetStoreError('contention', 'The store was closed while another process held the database'));
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
