import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { sourceFlags } from '@serve.zone/baseos-testing/processes/node-flags';

const directory = await mkdtemp(join(tmpdir(), 'baseos-lazy-'));
afterAll(async () => rm(directory, { recursive: true, force: true }));

test('an agent with its own transport never loads undici, which costs 15 MB', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...sourceFlags, fileURLToPath(new URL('../test/heartbeat-process.ts', import.meta.url))],
    {
      env: {
        BASEOS_CLOUDLY_URL: 'https://cloudly.invalid',
        BASEOS_JOIN_TOKEN: 'join-token',
        BASEOS_STATE_PATH: join(directory, 'state.json'),
        BASEOS_RUN_PATH: join(directory, 'run'),
        BALENA_SUPERVISOR_ADDRESS: 'http://supervisor.invalid',
        BALENA_SUPERVISOR_API_KEY: 'key',
      },
    },
  );
  expect(JSON.parse(stdout)).toEqual({ heartbeats: 1, undici: [] });
});
