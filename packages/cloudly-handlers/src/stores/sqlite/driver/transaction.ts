import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in a transaction that holds the right to write from its start, so that what it read still holds when it writes. */
export function transaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
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
    // SQLite rolls back by itself after some errors, such as a full disk; the first error is the one to tell.
  }
}
