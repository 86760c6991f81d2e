import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build } from 'tsup';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { cliBundle } from '../../tsup.config.js';

// Far from node_modules: the published package contains everything it needs.
const folder = mkdtempSync(join(tmpdir(), 'supervisor-emulator-'));
const cli = join(folder, 'cli.js');
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');

beforeAll(() => build({ ...cliBundle, config: false, entry: [join(import.meta.dirname, 'cli.ts')], outDir: folder }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command until it ends by itself. */
function run(...argv: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...argv], (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

interface Running {
  address: string;
  apiKey: string;
  stop: (signal: NodeJS.Signals) => Promise<Ended>;
}

async function start(...argv: string[]): Promise<Running> {
  const child = spawn(process.execPath, [cli, '--port', '0', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  // When its output has ended too.
  const exited = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const lines = /^export BALENA_SUPERVISOR_ADDRESS=(\S+)\nexport BALENA_SUPERVISOR_API_KEY=(\w+)\n$/;
  // Of two pipes, either may be the first to be read.
  while (!lines.test(stdout) || !stderr.includes('Stop it with Ctrl-C')) {
    await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), exited.then(failed)]);
  }
  const [, address = '', apiKey = ''] = lines.exec(stdout) ?? [];
  const stop = async (signal: NodeJS.Signals): Promise<Ended> => {
    child.kill(signal);
    await exited;
    return { code: child.exitCode, stdout, stderr };
  };
  return { address, apiKey, stop };

  function failed(): never {
    throw new Error(`The emulator ended: ${stderr}`);
  }
}

test('answers at the address and with the key of the two lines it prints', async () => {
  const { address, apiKey } = await start();
  const headers = { authorization: `Bearer ${apiKey}` };
  expect(await (await fetch(`${address}/v2/version`, { headers })).json()).toEqual({
    status: 'success',
    version: '19.0.5',
  });
  expect((await fetch(`${address}/v2/version`)).status).toBe(401);
  expect(await (await fetch(`${address}/`)).text()).toContain('This is an emulated balena Supervisor 19.0.5');
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  '%s ends it cleanly, even with a stream open',
  async (signal) => {
    const { address, apiKey, stop } = await start();
    const stream = await fetch(`${address}/v2/local/logs?apikey=${apiKey}`);
    const torn = stream.text().catch((error: unknown) => error);
    const { code, stderr } = await stop(signal);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/Stopped\.\n$/)]);
    expect(await torn).toBeInstanceOf(TypeError);
  },
);

test('a device that was shut down stays off, and the command runs until it is stopped', async () => {
  const { address, apiKey, stop } = await start();
  const headers = { authorization: `Bearer ${apiKey}`, connection: 'close' };
  expect((await fetch(`${address}/v1/shutdown`, { method: 'POST', headers })).status).toBe(202);
  await expect(fetch(`${address}/ping`)).rejects.toThrow('fetch failed');
  expect(await stop('SIGTERM')).toMatchObject({ code: 0, stderr: expect.stringContaining('Stopped.') });
});

test('an error ends it with exit code 2', async () => {
  expect(await run('--prot', '1')).toMatchObject({ code: 2, stdout: '' });
});
