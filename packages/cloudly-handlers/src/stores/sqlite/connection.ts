import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { FleetStoreError } from '../../fleet/fleet-store-error.js';
import { createCheckpoints } from './checkpoints.js';
import type { FileWatch } from './file-watch.js';
import { fleetFiles } from './fleet-files.js';
import { markText, newMarkId, readMark } from './log-mark.js';
import { storeErrorOf } from './sqlite-error.js';
import { transaction } from './transaction.js';
import { createTurns } from './turns.js';

/** A fleet's database that is open. */
export interface Connection {
  database: DatabaseSync;
  /** What `work` reads, of one instant if it is one statement. */
  read<Result>(this: void, work: () => Result): Promise<Result>;
  /**
   * Carries out `work` in a transaction; it is on the disk when the promise resolves. While another process writes, that is
   * waited for, and `work` may be carried out more than once: only the last time counts.
   */
  write<Result>(this: void, work: () => Result): Promise<Result>;
  /** Every later operation rejects, as does what still waits for another process. */
  close(this: void): void;
}

export interface ConnectionOptions {
  path: string;
  database: DatabaseSync;
  /** Opened for reading, which keeps the log from being written back when `database` is closed. */
  guard: DatabaseSync;
  watch: FileWatch;
  busyTimeoutMs: number;
}

/** How long the files count as seen to, for what is only read. */
const SEEN_TO_MS = 5;

/** A connection that proves before and after each change that what it changes is what lies at the path. */
export function createConnection({ path, database, guard, watch, busyTimeoutMs }: ConnectionOptions): Connection {
  const turns = createTurns(busyTimeoutMs);
  const checkpoints = createCheckpoints(database, watch);
  const statements = {
    mark: database.prepare('SELECT log_mark FROM cloudly'),
    saveMark: database.prepare('UPDATE cloudly SET log_mark = ?'),
  };
  let isClosed = false;
  let seenToAtMs = -Infinity;

  const requireOpen = (): void => {
    if (isClosed) throw new TypeError('The store was closed');
  };

  /** Puts the mark of a new log into the first transaction of it. */
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
    const [result, mark] = transaction(database, () => {
      const begun = beginLog();
      return [work(), begun] as const;
    });
    watch.verify();
    if (mark !== undefined) noteMark(path, mark);
    checkpoints.afterCommit();
    return result;
  };

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
    database,
    read: (work) => turns.read(told(() => attemptRead(work))),
    write: (work) => turns.write(told(() => attemptWrite(work))),
    close() {
      if (isClosed) return;
      isClosed = true;
      turns.end(new FleetStoreError('contention', 'The store was closed while another process held the database'));
      checkpoints.end();
      closeBoth({ path, database, guard, watch });
    },
  };
}

/**
 * The last connection that closes has SQLite write the log back and delete it: into whatever lies there by now. Where that is
 * not what was opened, the guard stays open, so that it is not the last one; what it reads alone, it leaves as it is.
 */
function closeBoth({ path, database, guard, watch }: Omit<ConnectionOptions, 'busyTimeoutMs'>): void {
  try {
    watch.verify();
  } catch {
    database.close();
    return;
  }
  guard.close();
  database.close();
  watch.release();
  const { log, note } = fleetFiles(path);
  if (!existsSync(log)) rmSync(note, { force: true });
}

/** Without it a log that was deleted after a crash is not missed, and nothing else is lost. */
function noteMark(path: string, mark: string): void {
  try {
    writeFileSync(fleetFiles(path).note, `${mark}\n`, { mode: 0o600 });
  } catch {
    // The change itself is kept, and that is what was asked for.
  }
}
