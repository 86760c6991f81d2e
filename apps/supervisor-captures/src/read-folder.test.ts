import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RecordingsError } from './recordings/read-file.js';
import { readFolder } from './read-folder.js';

const captures = join(import.meta.dirname, '../test/recordings/captures.json');
const eras = {
  eras: [
    { era: '9', recordings: [{ id: 'x', method: 'GET', path: '/ping', status: 200, call: 'ping', expect: 'ok' }] },
  ],
};

async function folderOf(...names: ('captures.json' | 'eras.json')[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'recordings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of names) {
    const file = join(folder, name);
    await (name === 'eras.json' ? writeFile(file, JSON.stringify(eras)) : copyFile(captures, file));
  }
  return folder;
}

test.each([
  [['captures.json', 'eras.json'], { client: 6, emulator: 6, eras: 1, 'emulated eras': 1 }],
  [['captures.json'], { client: 6, emulator: 6 }],
  [['eras.json'], { eras: 1, 'emulated eras': 1 }],
] as const)('%j is the material for the check', async (names, expected) => {
  const subjects = await readFolder(await folderOf(...names));
  expect(Object.fromEntries(subjects.map(({ name, checks }) => [name, checks.length]))).toEqual(expected);
});

test('a folder without either is reported, with what to do', async () => {
  await expect(readFolder('/nowhere')).rejects.toThrow(
    new RecordingsError('/nowhere contains neither captures.json nor eras.json. Give the folder that contains them.'),
  );
});
