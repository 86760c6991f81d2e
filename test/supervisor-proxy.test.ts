import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';
import { installCommand, runtimes } from './runtimes.js';

const cli = join(root, 'apps/baserunner/dist/cli.js');
const run = promisify(execFile);

describe.each(runtimes)('the built CLI on $name', ({ name, executable, flags }) => {
  const installed = existsSync(executable);

  test.skipIf(!installed && !process.env['CI'])(
    `uses no proxy to the Supervisor, whatever the environment says (needs ${installCommand})`,
    async () => {
      expect(installed, `${name} is not here: ${installCommand}`).toBe(true);
      const supervisor = createSupervisor();
      const listening = await supervisor.listen();
      onTestFinished(async () => listening.close());
      const proxy = createServer().listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      onTestFinished(() => void proxy.close());
      let proxied = 0;
      proxy.on('connection', (socket) => {
        proxied += 1;
        socket.destroy();
      });
      const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const folder = mkdtempSync(join(tmpdir(), 'baseos-no-proxy-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));

      const { stdout } = await run(executable, [...flags(folder), cli, 'check-supervisor'], {
        cwd: root,
        env: {
          PATH: process.env['PATH'],
          HTTP_PROXY: proxyUrl,
          http_proxy: proxyUrl,
          ALL_PROXY: proxyUrl,
          NODE_USE_ENV_PROXY: '1',
          // Deno itself looks for a newer version, by the proxy, once a program has run for a while.
          DENO_NO_UPDATE_CHECK: '1',
          BALENA_SUPERVISOR_ADDRESS: listening.address,
          BALENA_SUPERVISOR_API_KEY: supervisor.apiKey,
        },
      });
      expect(JSON.parse(stdout)).toMatchObject({ ok: true });
      expect(proxied).toBe(0);
    },
  );
});
