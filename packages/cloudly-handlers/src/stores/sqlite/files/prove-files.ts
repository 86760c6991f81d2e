import { FleetStoreError } from '../../../fleet/fleet-store-error.js';
import { pause } from '../driver/busy.js';
import { type FilesMismatch, findMismatch } from './find-mismatch.js';
import { fleetFiles } from './fleet-files.js';
import type { HeldFile } from './held-file.js';
import { type RawMain, readNotedMark, readRawJournal, readRawLog, readRawMain } from './raw-files.js';

/** Another process may be writing the log back at this moment, so the files may not be of one instant. */
const ATTEMPTS = 10;
const PAUSE_MS = 10;

/**
 * Proves that the files of a fleet belong together before SQLite opens them: SQLite would write any log or journal that it
 * finds back into the database beside it.
 *
 * @returns what the file says about itself; `undefined` if a file beside it may say otherwise.
 * @throws FleetStoreError `database-files-mixed` if they do not belong together; `database-foreign` for a file that is not a
 * database.
 */
export function proveFiles(path: string, main: HeldFile): RawMain | undefined {
  const { log, journal, note } = fleetFiles(path);
  let mismatch: FilesMismatch | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) pause(PAUSE_MS);
    const files = {
      main: readRawMain(main),
      log: readRawLog(log),
      journal: readRawJournal(journal),
      notedMark: readNotedMark(note),
    };
    if (files.main.kind === 'no-database') {
      throw new FleetStoreError('database-foreign', `The database ${path} cannot be used: file is not a database`);
    }
    mismatch = findMismatch(path, files);
    if (mismatch === undefined) return files.log.frameCount > 0 || files.journal ? undefined : files.main;
  }
  const { reason, remedy } = mismatch ?? {};
  throw new FleetStoreError('database-files-mixed', `The database ${path} cannot be used: ${reason}`, { remedy });
}
