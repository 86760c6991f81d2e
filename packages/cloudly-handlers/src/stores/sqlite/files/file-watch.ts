import { type BigIntStats, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { FleetStoreError } from '../../../fleet/fleet-store-error.js';
import { isBusy } from '../driver/busy.js';
import { fleetFiles, nameOf } from './fleet-files.js';
import { fileIdentity, type HeldFile, holdFile } from './held-file.js';
import { type LogMark, readMark } from './log-mark.js';
import { readRawMain } from './raw-files.js';

export interface FileWatch {
  /**
   * Checks that the files that SQLite has open are still those at the path. Changes to files that were deleted, replaced or
   * overwritten would be lost.
   *
   * @throws FleetStoreError `database-files-mixed`
   */
  verify(this: void): void;
  /** How long the log is, and how much of it is written back. If all of it is, a new log may begin. */
  log(this: void): { frameCount: number; writtenBackCount: number };
  /** Call this when SQLite has closed the files. */
  release(this: void): void;
}

/** Another process may be changing the files at this moment. */
const ATTEMPTS = 3;

/** Watches the files of a database that is open in write-ahead log mode and was read. */
export function createFileWatch(path: string, main: HeldFile, database: DatabaseSync): FileWatch {
  const paths = fleetFiles(path);
  const log = holdFile(paths.log);
  const index = holdFile(paths.index);
  const ownMark = database.prepare('SELECT log_mark FROM cloudly');
  const header = Buffer.alloc(LOG_HEADER_BYTES);
  const indexHeader = Buffer.alloc(INDEX_HEADER_BYTES);
  const numbers = new Uint32Array(indexHeader.buffer, indexHeader.byteOffset, INDEX_HEADER_BYTES / 4);
  let lastFacts: BigIntStats | undefined;

  const readIndex = () => {
    index.read(indexHeader, 0);
    return { frameCount: numbers[4] ?? 0, writtenBackCount: numbers[24] ?? 0 };
  };

  const findFault = (): string | undefined => {
    for (const [place, file] of [
      [paths.main, main],
      [paths.log, log],
      [paths.index, index],
    ] as const) {
      const facts = statSync(place, { bigint: true, throwIfNoEntry: false });
      if (!facts || facts.nlink === 0n) return `${nameOf(place)} was deleted or moved away`;
      if (fileIdentity(facts) !== file.identity) return `${nameOf(place)} was replaced by another file`;
      if (file === main && isChanged(facts) && !isStillOurs()) return `${nameOf(place)} was overwritten`;
      if (file === main) lastFacts = facts;
    }
    if (readIndex().frameCount === 0) return undefined;
    const isRead = log.read(header, 0) === LOG_HEADER_BYTES;
    const isSame = isRead && header.subarray(16, 24).equals(indexHeader.subarray(32, 40));
    return isSame ? undefined : `${nameOf(paths.log)} was overwritten`;
  };

  /** Only a process that writes the log back changes the file. */
  const isChanged = ({ mtimeNs, ctimeNs, size }: BigIntStats): boolean =>
    mtimeNs !== lastFacts?.mtimeNs || ctimeNs !== lastFacts.ctimeNs || size !== lastFacts.size;

  const isStillOurs = (): boolean => {
    const inFile = readRawMain(main).mark?.id;
    const own = readOwnMark();
    return inFile !== undefined && (inFile === own?.id || inFile === own?.base);
  };

  /** None if SQLite can no longer read it in a file that was changed. */
  const readOwnMark = (): LogMark | undefined => {
    try {
      return readMark(String(ownMark.get()?.['log_mark']));
    } catch (error) {
      if (isBusy(error)) throw error;
      return undefined;
    }
  };

  return {
    verify() {
      let fault: string | undefined;
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        fault = findFault();
        if (fault === undefined) return;
      }
      throw new FleetStoreError(
        'database-files-mixed',
        `The database ${path} was changed while it was in use: ${fault}. The store no longer writes to it`,
        {
          remedy:
            'Stop this process. Put the files back as they were, or restore a backup without the files beside it ' +
            `(${nameOf(path)}-wal and the like). Then start again.`,
        },
      );
    },
    log: readIndex,
    release() {
      for (const file of [main, log, index]) file.release();
    },
  };
}

const LOG_HEADER_BYTES = 32;

/** See https://www.sqlite.org/walformat.html#the_wal_index_file_format: numbers have the byte order of the machine. */
const INDEX_HEADER_BYTES = 136;
