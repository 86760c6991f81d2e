import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { runCommand } from './run-command.js';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command until it ends by itself. */
async function run(...argv: string[]): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const code = await runCommand(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

/** Runs the command until the test ends. */
async function start(...argv: string[]): Promise<{ address: string; apiKey: string }> {
  const ending = new AbortController();
  const lines = await new Promise<string>((resolve, reject) => {
    const ended = runCommand(['--port', '0', ...argv], {
      stdout: { write: resolve },
      stderr: { write: (text) => (text.startsWith('balena') ? reject(new Error(text)) : undefined) },
      signal: ending.signal,
    });
    onTestFinished(async () => {
      ending.abort();
      await ended;
    });
  });
  const [, address = '', apiKey = ''] = /ADDRESS=(\S+)\nexport BALENA_SUPERVISOR_API_KEY=(\S+)/.exec(lines) ?? [];
  return { address, apiKey };
}

function write(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'supervisor-emulator-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('runs the apps of a file', async () => {
  const file = write(
    'apps.json',
    '[{ "appId": 7, "appName": "hall", "services": ["main", { "serviceName": "side" }] }]',
  );
  const { address, apiKey } = await start('--apps', file, '--supervisor-version', '17.1.0', '--api-key', 'abc');
  expect(apiKey).toBe('abc');
  const state = await fetch(`${address}/v2/state/status?apikey=${apiKey}`);
  expect(await state.json()).toMatchObject({ containers: [{ serviceName: 'main' }, { serviceName: 'side' }] });
  const tags = await fetch(`${address}/v2/device/tags?apikey=${apiKey}`, { method: 'PATCH' });
  expect(tags.status).toBe(404);
});

test('--no-page leaves / as on a real Supervisor', async () => {
  const { address } = await start('--no-page');
  expect((await fetch(`${address}/`)).status).toBe(401);
});

test('--unmanaged requires no key and has no tags', async () => {
  const { address } = await start('--unmanaged');
  expect((await fetch(`${address}/v2/device/tags`)).status).toBe(500);
});

test('help and version go to stdout', async () => {
  expect(await run('--help')).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('--port <number>'),
  });
  expect(await run('-v')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

describe('an error is reported with what to do, and exit code 2', () => {
  const hint = 'Run "balena-supervisor-emulator --help" to list the flags.\n';
  test.each<[string[], string]>([
    [['--prot', '1'], 'Unknown flag --prot.'],
    [['start'], 'Unexpected argument "start".'],
    [['--port'], '--port needs a value.'],
    [['--port', '65536'], '--port must be a whole number from 0 to 65535, not "65536".'],
    [['--port', 'x'], '--port must be a whole number from 0 to 65535, not "x".'],
    [['--host='], '--host needs a value.'],
    [['--api-key', 'a b'], '--api-key must consist of letters, digits and underscores.'],
    [['--supervisor-version', 'new'], '--supervisor-version must be a version such as 19.0.5, not "new".'],
    [
      ['--supervisor-version', '5.14.1'],
      '--supervisor-version must be 6.0.0 or later, not "5.14.1": older versions are not emulated.',
    ],
    [['--lock-files', ''], '--lock-files needs a value.'],
    [['--lock-files', '/dev/null'], '--lock-files: the folder /dev/null cannot be created (EEXIST).'],
    [['--apps', '/nowhere/apps.json'], '--apps /nowhere/apps.json cannot be read: the file does not exist.'],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr } = await run(...argv);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`balena-supervisor-emulator: ${message}`.slice(0, -1)),
    });
    expect(stderr).toMatch(new RegExp(`${hint.replace('.', String.raw`\.`)}$`));
  });

  test.each<[string, string]>([
    ['{', 'is not valid JSON: '],
    ['{}', 'must contain an array of apps, such as [{ "appId": 1234567 }].'],
    ['[5]', ': [0] must be an object. An app has the fields appId, '],
    ['[{ "apId": 1 }]', ': [0].apId is unknown. An app has the fields appId, '],
    ['[{ "appId": 0 }]', ': [0].appId must be a positive integer.'],
    ['[{ "appId": 1, "services": "main" }]', ': [0].services must be '],
    [
      '[{ "appId": 1, "services": [null] }]',
      ': [0].services[0] must be an object. A service has the fields serviceName, ',
    ],
    [
      '[{ "appId": 1, "services": [{ "name": "main" }] }]',
      ': [0].services[0].name is unknown. A service has the fields ',
    ],
    ['[{ "appId": 1 }, { "appId": 1 }]', ': the array must be an array of apps with unique IDs.'],
  ])('apps of %s', async (content, message) => {
    const file = write('mistaken.json', content);
    const { code, stderr } = await run('--port', '0', '--apps', file);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`balena-supervisor-emulator: ${file}`)]);
    expect(stderr).toContain(message);
  });
});

test('a port that is taken is reported, with exit code 1', async () => {
  const squatter = createServer();
  onTestFinished(() => void squatter.close());
  await once(squatter.listen(0, '127.0.0.1'), 'listening');
  const { port } = squatter.address() as AddressInfo;
  expect(await run('--port', String(port))).toEqual({
    code: 1,
    stdout: '',
    stderr: `balena-supervisor-emulator: port ${port} on 127.0.0.1 is already in use. Stop the program that uses it, or choose another port with --port.\n`,
  });
});

test('a host that is not on this machine is reported, with exit code 1', async () => {
  const { code, stderr } = await run('--port', '0', '--host', '192.0.2.1');
  expect([code, stderr]).toEqual([1, expect.stringContaining('192.0.2.1 is not an address of this machine.')]);
});
