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
   * Requires that what SQLite has open is what lies at the path: files that were deleted, replaced or written over take
   * changes that nobody finds again.
   *
   * @throws FleetStoreError `database-files-mixed`
   */
  verify(this: void): void;
  /** How much of the log there is, and how much of that is written back. Between the two a log goes on; else a new one may begin. */
  log(this: void): { frameCount: number; writtenBackCount: number };
  /** Call it when SQLite has closed the files. */
  release(this: void): void;
}

/** What another process is just changing is looked at again. */
const ATTEMPTS = 3;

/** Watches the files of a database that is open, in write-ahead log mode, and was read. */
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
      if (file === main && isChanged(facts) && !isStillOurs()) return `${nameOf(place)} was written over`;
      if (file === main) lastFacts = facts;
    }
    if (readIndex().frameCount === 0) return undefined;
    const isRead = log.read(header, 0) === LOG_HEADER_BYTES;
    const isSame = isRead && header.subarray(16, 24).equals(indexHeader.subarray(32, 40));
    return isSame ? undefined : `${nameOf(paths.log)} was written over`;
  };

  /** Nobody but a process that writes the log back changes the file. */
  const isChanged = ({ mtimeNs, ctimeNs, size }: BigIntStats): boolean =>
    mtimeNs !== lastFacts?.mtimeNs || ctimeNs !== lastFacts.ctimeNs || size !== lastFacts.size;

  const isStillOurs = (): boolean => {
    const inFile = readRawMain(main).mark?.id;
    const own = readOwnMark();
    return inFile !== undefined && (inFile === own?.id || inFile === own?.base);
  };

  /** None where SQLite cannot read it any more, in a file that was changed. */
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
        `The database ${path} was changed while it was in use: ${fault}. Nothing more is written to it. Stop this process; ` +
          `put the files back as they were, or restore a backup without the files beside it (${nameOf(path)}-wal and the ` +
          'like); then start again',
      );
    },
    log: readIndex,
    release() {
      for (const file of [main, log, index]) file.release();
    },
  };
}

const LOG_HEADER_BYTES = 32;

/** See https://www.sqlite.org/walformat.html#the_wal_index_file_format: numbers are in the order of the machine. */
const INDEX_HEADER_BYTES = 136;
