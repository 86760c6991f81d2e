import type { DatabaseSync } from 'node:sqlite';
import { type Database, preparing } from './database.js';
import type { SqlValue } from './driver/reading-worker.js';
import { snapshot } from './driver/transaction.js';
import { createTurns, readInTurn } from './driver/turns.js';
import type { HeldFile } from './files/held-file.js';

/** A database that is only read. It does not watch its files, because it cannot lose a change. */
export function readingDatabase(connection: DatabaseSync, main: HeldFile, busyTimeoutMs: number): Database {
  const turns = createTurns({ timeoutMs: busyTimeoutMs });
  const prepare = preparing(connection);
  let isOpen = true;

  const read = <Result>(work: () => Result): Promise<Result> =>
    readInTurn(turns, () => {
      if (isOpen) return work();
      throw new TypeError('The store was closed');
    });

  return {
    prepare,
    read,
    readAtOnce: (work) => read(() => snapshot(connection, work)),
    readAside: <Row>(sql: string, values: readonly SqlValue[]) => read(() => prepare<Row>(sql).all(...values)),
    write: () => Promise.reject(new TypeError('The store was opened read-only')),
    close() {
      isOpen = false;
      turns.end(new TypeError('The store was closed'));
      connection.close();
      main.release();
    },
  };
}
