import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from './driver/busy.js';
import type { FileWatch } from './files/file-watch.js';

export interface Checkpoints {
  afterCommit(this: void): void;
  end(this: void): void;
}

/** 16 MB: in a large fleet, four times as many as by default save a tenth of a heartbeat's cost, and more save nothing. */
const FRAMES_MAX = 4000;

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
