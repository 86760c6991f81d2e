import { subjectOf, type Subject } from './check-recordings.js';
import { checkClient } from './client/check-client.js';
import { checkEmulatedEra } from './emulator/check-emulated-era.js';
import { checkEmulator } from './emulator/check-emulator.js';
import { checkEra } from './eras/check-era.js';
import { readEras } from './eras/read-eras.js';
import { RecordingsError } from './recordings/read-file.js';
import { readRecordings } from './recordings/read-recordings.js';

/**
 * The comparisons that the files of this folder allow: client and emulator, each with `captures.json` and `eras.json`.
 * One of the two may be missing.
 * @throws RecordingsError if both are, or one contains something else.
 */
export async function readFolder(folder: string): Promise<Subject[]> {
  const recordings = await readRecordings(folder);
  const eras = await readEras(folder);
  if (recordings === undefined && eras === undefined) {
    throw new RecordingsError(
      `${folder} contains neither captures.json nor eras.json. Give the folder that contains them.`,
    );
  }
  return [
    ...(recordings === undefined
      ? []
      : [subjectOf('client', recordings, checkClient), subjectOf('emulator', recordings, checkEmulator)]),
    ...(eras === undefined
      ? []
      : [subjectOf('eras', eras, checkEra), subjectOf('emulated eras', eras, checkEmulatedEra)]),
  ];
}
