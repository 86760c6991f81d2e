import { FleetStoreError } from '../../../fleet/fleet-store-error.js';
import { pause } from '../driver/busy.js';
import { findMismatch } from './find-mismatch.js';
import { fleetFiles } from './fleet-files.js';
import type { HeldFile } from './held-file.js';
import { type RawMain, readNotedMark, readRawJournal, readRawLog, readRawMain } from './raw-files.js';

/** Another process may just be writing the log back, so that the files are not of one instant. */
const ATTEMPTS = 10;
const PAUSE_MS = 10;

/**
 * Proves that the files of a fleet belong together before SQLite gets to see them: it would write a log or a journal that was
 * left there back into whatever database is beside it.
 *
 * @returns what the file says of itself, where nothing beside it says otherwise.
 * @throws FleetStoreError `database-files-mixed` when they do not; `database-unusable` for a file that is no database.
 */
export function proveFiles(path: string, main: HeldFile): RawMain | undefined {
  const { log, journal, note } = fleetFiles(path);
  let mismatch: string | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) pause(PAUSE_MS);
    const files = {
      main: readRawMain(main),
      log: readRawLog(log),
      journal: readRawJournal(journal),
      notedMark: readNotedMark(note),
    };
    if (files.main.kind === 'no-database') {
      throw new FleetStoreError('database-unusable', `The database ${path} cannot be used: file is not a database`);
    }
    mismatch = findMismatch(path, files);
    if (mismatch === undefined) return files.log.frameCount > 0 || files.journal ? undefined : files.main;
  }
  throw new FleetStoreError('database-files-mixed', `The database ${path} cannot be used: ${mismatch}`);
}
