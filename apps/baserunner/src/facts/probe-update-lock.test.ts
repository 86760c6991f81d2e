import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { probeUpdateLock } from './probe-update-lock.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baserunner-lock-'));
  path = join(folder, 'updates.lock');
});

afterEach(() => rm(folder, { recursive: true }));

test('a lock is found with its time and whose it is, and a folder without one as well', async () => {
  const env = { BALENA_APP_LOCK_PATH: path };
  expect(await probeUpdateLock(env)).toEqual({ path });
  await writeFile(path, '');
  expect(await probeUpdateLock(env)).toEqual({ path, heldSince: expect.any(String), isOfSupervisor: false });
});

test.runIf(process.getuid?.() === 0)("the user of the Supervisor's own locks tells them from others", async () => {
  await writeFile(path, '');
  await chown(path, 65_534, 65_534);
  expect(await probeUpdateLock({ BALENA_APP_LOCK_PATH: path })).toMatchObject({ isOfSupervisor: true });
});
