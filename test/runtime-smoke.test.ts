import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, hostname, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';
import { installCommand, runtimes } from './runtimes.js';

const needs = `needs ${installCommand}`;
const agent = join(root, 'test/runtime-smoke/agent.mjs');
const run = promisify(execFile);

describe.each(runtimes)('the built packages on $name', ({ name, executable, flags, tellsHost }) => {
  const installed = existsSync(executable);
  const folder = mkdtempSync(join(tmpdir(), 'baseos-runtime-'));
  const supervisor = createSupervisor();
  let cloudly: Awaited<ReturnType<typeof startStandaloneCloudly>>;
  let supervisorServer: Awaited<ReturnType<typeof supervisor.listen>>;

  beforeAll(async () => {
    cloudly = await startStandaloneCloudly({ port: 0, databasePath: join(folder, 'fleet.sqlite') });
    supervisorServer = await supervisor.listen();
  });

  afterAll(async () => {
    await cloudly.close();
    await supervisorServer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.skipIf(!installed && !process.env['CI'])(
    `enrol with a Cloudly, heartbeat, read a Supervisor (${needs})`,
    async () => {
      expect(installed, `${name} is not here: ${installCommand}`).toBe(true);
      const { joinToken } = await cloudly.createJoinToken({ uses: 1 });
      const { stdout } = await run(executable, [...flags(folder), agent], {
        cwd: root,
        timeout: 15_000,
        env: {
          PATH: process.env['PATH'],
          BASEOS_CLOUDLY_URL: cloudly.url,
          BASEOS_JOIN_TOKEN: joinToken,
          BASEOS_STATE_PATH: join(folder, 'state', 'state.json'),
          BASEOS_RUN_PATH: join(folder, 'run'),
          BASEOS_HEARTBEAT_INTERVAL_MS: '1000',
          BALENA_SUPERVISOR_ADDRESS: supervisorServer.address,
          BALENA_SUPERVISOR_API_KEY: supervisor.apiKey,
        },
      });
      const { status, version } = JSON.parse(stdout);
      expect(status).toMatchObject({
        supervisor: { state: 'available', version: '19.0.5' },
        cloudly: { state: 'registered', connectivity: 'connected' },
        runtime: {
          agent: { name: 'baserunner', version: '1.2.3' },
          host: tellsHost ? { hostname: hostname(), cpuCount: cpus().length, memoryTotalBytes: totalmem() } : {},
        },
      });
      expect(version).toBe('19.0.5');
    },
  );
});
