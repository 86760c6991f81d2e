import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in a transaction that is the only writer from its start, so what it reads is still true when it writes. */
export function transaction<Result>(database: DatabaseSync, work: () => Result): Result {
  return within(database, 'BEGIN IMMEDIATE', work);
}

/** Runs `work`, which reads the database as it is at one instant. */
export function snapshot<Result>(database: DatabaseSync, work: () => Result): Result {
  return within(database, 'BEGIN', work);
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
