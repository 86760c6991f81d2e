import { chown, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.js';
import { removeIfStill } from './lock-file.js';

const mine = '0123456789abcdef';

test("a lock file that became the Supervisor's between a check and its removal is restored", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'updates.lock');
  await writeFile(path, '0');
  if (process.geteuid?.() === 0) await chown(path, 65_534, 65_534);
  const before = await stat(path);
  await removeIfStill(path, [mine]);
  const after = await stat(path);
  expect([after.ino, after.uid]).toEqual([before.ino, before.uid]);
  expect(await readFile(path, 'utf8')).toBe('0');
  expect(await readdir(folder.path)).toEqual(['updates.lock']);
});

test('a lock file that disappeared between a check and its removal is not an error', async () => {
  await using folder = await temporaryFolder();
  await removeIfStill(join(folder.path, 'updates.lock'), [mine]);
  expect(await readdir(folder.path)).toEqual([]);
});
