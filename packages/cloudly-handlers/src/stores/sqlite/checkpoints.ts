import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from './driver/busy.js';
import type { FileWatch } from './files/file-watch.js';

export interface Checkpoints {
  afterCommit(this: void): void;
  end(this: void): void;
}

/** 4 MB, as SQLite has it by itself. */
const FRAMES_MAX = 1000;

/** While another process reads what is in the log, that stays as it is. */
const RETRY_MS = 1000;

/**
 * Writes the log back into the database when it has become long, and shortens it to nothing: SQLite by itself leaves it as long
 * as it ever was. Nobody's answer waits for that.
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
      // The next change of the database meets the same trouble, and tells of it.
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
