import type { DatabaseSync } from 'node:sqlite';
import { type Ended, endOf, type Work } from './turns.js';

/** Runs `work` in a transaction that is the only writer from its start, so what it reads is still true when it writes. */
export function transaction<Result>(database: DatabaseSync, work: () => Result): Result {
  return within(database, 'BEGIN IMMEDIATE', work);
}

/** Runs `work`, which reads the database as it is at one instant. */
export function snapshot<Result>(database: DatabaseSync, work: () => Result): Result {
  return within(database, 'BEGIN', work);
}

/**
 * Does some of these works within a transaction, at least the first, until they have taken `sliceMs`, and returns how each has
 * ended. One that throws has changed nothing, and the others stay as they are.
 *
 * @throws the error of a work that has undone the whole transaction, such as that of a full disk
 */
export function inSavepoints(database: DatabaseSync, works: readonly Work[], sliceMs: number): Ended[] {
  const startMs = performance.now();
  const ended: Ended[] = [];
  for (const work of works) {
    database.exec('SAVEPOINT one');
    const end = endOf(work);
    if ('error' in end) undo(database, end.error);
    database.exec('RELEASE one');
    ended.push(end);
    if (performance.now() - startMs >= sliceMs) break;
  }
  return ended;
}

function undo(database: DatabaseSync, error: unknown): void {
  try {
    database.exec('ROLLBACK TO one');
  } catch {
    throw error;
  }
}

function within<Result>(database: DatabaseSync, begin: string, work: () => Result): Result {
  database.exec(begin);
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite has already rolled back after some errors, such as a full disk. The first error is the one to report.
  }
}
