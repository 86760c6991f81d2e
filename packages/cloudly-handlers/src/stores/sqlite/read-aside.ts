import { createReadingWorker, type SqlValue } from './driver/reading-worker.js';
import { storeErrorOf } from './driver/sqlite-error.js';

export interface ReadAsideOptions {
  path: string;
  busyTimeoutMs: number;
  /** Throws unless the store is open and its files are those at the path. */
  verify: () => void;
}

export type ReadAside = <Row>(this: void, sql: string, values: readonly SqlValue[]) => Promise<Row[]>;

/** Reads in another thread, which opens the path by itself: so the files are checked before and afterwards. */
export function createReadAside({ path, busyTimeoutMs, verify }: ReadAsideOptions): {
  readAside: ReadAside;
  end(this: void, reason: Error): void;
} {
  const { rows, end } = createReadingWorker({ path, busyTimeoutMs });

  const verifyOrEnd = (): void => {
    try {
      verify();
    } catch (error) {
      // It may have opened another file, which may be away again before the next read.
      end(error as Error);
      throw error;
    }
  };

  return {
    async readAside<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]> {
      verify();
      const answer = rows(sql, values);
      await Promise.allSettled([answer]);
      verifyOrEnd();
      try {
        return (await answer) as Row[];
      } catch (error) {
        throw storeErrorOf(error, path);
      }
    },
    end,
  };
}
