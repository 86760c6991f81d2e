import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { device, situation } from '../test/gate-recordings.js';
import { RecordingsError } from './recordings/read-file.js';
import { readFolder } from './read-folder.js';

const captures = join(import.meta.dirname, '../test/recordings/captures.json');
const eras = {
  eras: [
    { era: '9', recordings: [{ id: 'x', method: 'GET', path: '/ping', status: 200, call: 'ping', expect: 'ok' }] },
  ],
};

const gate = situation('Supervisor 19.0.5: x', device(0, '', 'Idle'));

async function folderOf(...names: ('captures.json' | 'eras.json' | 'gate.json')[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'recordings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of names) {
    const file = join(folder, name);
    const own = { 'eras.json': eras, 'gate.json': gate, 'captures.json': undefined }[name];
    await (own === undefined ? copyFile(captures, file) : writeFile(file, JSON.stringify(own)));
  }
  return folder;
}

test.each([
  [['captures.json', 'eras.json'], { client: 6, emulator: 6, eras: 1, 'emulated eras': 1 }],
  [['captures.json'], { client: 6, emulator: 6 }],
  [['eras.json'], { eras: 1, 'emulated eras': 1 }],
  [['gate.json'], { gate: 1 }],
] as const)('%j is the material for the check', async (names, expected) => {
  const subjects = await readFolder(await folderOf(...names));
  expect(Object.fromEntries(subjects.map(({ name, checks }) => [name, checks.length]))).toEqual(expected);
});

test('a folder without any of them is reported, with what to do', async () => {
  await expect(readFolder('/nowhere')).rejects.toThrow(
    new RecordingsError(
      '/nowhere contains none of captures.json, eras.json and gate.json. Give the folder that contains them.',
    ),
  );
});
