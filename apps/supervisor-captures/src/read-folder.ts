import { subjectOf, type Subject } from './check-recordings.js';
import { checkClient } from './client/check-client.js';
import { checkEmulatedEra } from './emulator/check-emulated-era.js';
import { checkEmulator } from './emulator/check-emulator.js';
import { checkEra } from './eras/check-era.js';
import { readEras } from './eras/read-eras.js';
import { checkGate } from './gate/check-gate.js';
import type { GateSituation } from './gate/gate-situation.js';
import { readGate } from './gate/read-gate.js';
import { RecordingsError } from './recordings/read-file.js';
import { readRecordings } from './recordings/read-recordings.js';

/**
 * The comparisons that the files of this folder allow: client and emulator, each with `captures.json` and `eras.json`, and
 * the emulator with `gate.json`. Some of the files may be missing.
 * @throws RecordingsError if all are, or one contains something else.
 */
export async function readFolder(folder: string): Promise<Subject[]> {
  const recordings = await readRecordings(folder);
  const eras = await readEras(folder);
  const gate = await readGate(folder);
  if (recordings === undefined && eras === undefined && gate === undefined) {
    throw new RecordingsError(
      `${folder} contains none of captures.json, eras.json and gate.json. Give the folder that contains them.`,
    );
  }
  return [
    ...(recordings === undefined
      ? []
      : [subjectOf('client', recordings, checkClient), subjectOf('emulator', recordings, checkEmulator)]),
    ...(eras === undefined
      ? []
      : [subjectOf('eras', eras, checkEra), subjectOf('emulated eras', eras, checkEmulatedEra)]),
    ...(gate === undefined ? [] : [{ name: 'gate', checks: gate.map(gateCheck) }]),
  ];
}

function gateCheck(situation: GateSituation): Subject['checks'][number] {
  return { title: `#${situation.index} ${situation.title}`, run: () => checkGate(situation) };
}
