import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from './driver/busy.js';
import type { FileWatch } from './files/file-watch.js';

export interface Checkpoints {
  afterCommit(this: void): void;
  end(this: void): void;
}

/** 4 MB, as SQLite has it by default. */
const FRAMES_MAX = 1000;

/** The log cannot be written back while another process reads it. */
const RETRY_MS = 1000;

/**
 * Writes a long log back into the database and empties it. By default, SQLite never shrinks the file. No answer waits
 * for this.
 */
export function createCheckpoints(database: DatabaseSync, watch: FileWatch): Checkpoints {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isDue = (): boolean => watch.log().frameCount >= FRAMES_MAX;

  const writeBack = (): void => {
    timer = undefined;
    try {
      watch.verify();
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      // The next change of the database fails for the same reason, and reports it.
      if (!isBusy(error)) return;
    }
    if (isDue()) schedule(RETRY_MS);
  };

  const schedule = (delayMs: number): void => {
    timer ??= setTimeout(writeBack, delayMs);
    timer.unref();
  };

  return {
    afterCommit: () => {
      if (timer === undefined && isDue()) schedule(0);
    },
    end: () => clearTimeout(timer),
  };
}
