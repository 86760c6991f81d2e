import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '@serve.zone/baseos-runner-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { probeCommandHook } from './probe-command-hook.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baserunner-hook-'));
});
afterEach(async () => rm(folder, { recursive: true }));

async function probe(path?: string) {
  const parsed = parseConfig({ BASEOS_CLOUDLY_URL: 'https://cloudly.example', BASEOS_COMMAND_HOOK: path });
  return probeCommandHook(parsed.ok ? parsed.config : parsed.usable);
}

test('a hook is probed without being executed', async () => {
  const path = join(folder, 'hook');
  await writeFile(path, `#!/bin/sh\ntouch ${path}.ran\n`);
  await chmod(path, 0o600);
  expect((await probe(path))?.problem?.message).toContain('cannot be executed: EACCES');
  await chmod(path, 0o700);
  expect(await probe(path)).toEqual({ path, problem: undefined });
  expect((await probe(`${path}.ran`))?.problem).toMatchObject({ code: 'hook-not-executable' });
  expect(await probe()).toBeUndefined();
});
