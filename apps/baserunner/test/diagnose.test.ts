import { execFileSync } from 'node:child_process';
import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PROBLEM_MEDIA_TYPE, problemDocument } from '@serve.zone/baseos-contracts';
import { parseTar } from 'nanotar';
import { describe, expect, test } from 'vitest';
import { diagnose as diagnoseHere } from '../src/commands/diagnose.js';
import { serveHttp } from './loopback-server.js';
import type { Rig } from './rig.js';
import { runProgram } from './run-program.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

/** The files of an archive by their names, without the folder that they are in. */
async function unpack(path: string): Promise<Record<string, string>> {
  // A copy: a Buffer is a view of larger memory, and parseTar would read that from its beginning.
  const items = parseTar(new Uint8Array(gunzipSync(await readFile(path))));
  return Object.fromEntries(items.map(({ name, text }) => [name.replace(/^[^/]+\//, ''), text]));
}

async function diagnose(env: Record<string, string>, name = 'diagnosis.tar.gz'): Promise<Record<string, string>> {
  const output = join(rig.folder, name);
  const { exitCode, stdout, stderr } = await rig.run(['diagnose', '--output', output], env);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${output}\n` });
  expect(stderr).toContain('README.txt');
  expect((await stat(output)).mode & 0o777).toBe(0o600);
  return unpack(output);
}

const uuid = 'fedcba9876543210fedcba9876543210';

describe('baserunner diagnose', () => {
  test('includes everything the running agent can report, and its recent log', async () => {
    const env = rig.env({
      BASEOS_JOIN_TOKEN: await rig.createJoinToken(),
      BASEOS_LOG_LEVEL: 'error',
      BALENA_DEVICE_UUID: uuid,
    });
    rig.start(env);
    const { nodeId } = await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    await rig.statusThat(env, ({ cloudly }) => cloudly.connectivity === 'connected');
    const files = await diagnose(env);
    expect(Object.keys(files)).toEqual([
      'README.txt',
      'doctor.txt',
      'doctor.json',
      'status.json',
      'configuration.json',
      'next-request.json',
      'commands.json',
      'supervisor.json',
      'recent-log.jsonl',
    ]);
    expect(JSON.parse(files['status.json'] ?? '')).toMatchObject({
      agent: { running: true },
      cloudly: { state: 'registered', connectivity: 'connected', nodeId: '<node 1>' },
    });
    expect(Object.values(files).join('\n')).not.toContain(nodeId);
    expect(files['doctor.txt']).toContain('Node <node 1>, from the state file');
    expect(JSON.parse(files['configuration.json'] ?? '')).toMatchObject({
      BASEOS_JOIN_TOKEN: { value: '[redacted]', source: 'environment' },
    });
    // Whatever the log's own level is.
    expect(files['recent-log.jsonl']).toContain('Registered with Cloudly');
    expect(files['recent-log.jsonl']).toContain('"level":"debug"');
  });

  test('includes nothing that reveals whose device it is', async () => {
    const env = rig.env({ BALENA_DEVICE_UUID: uuid });
    const files = await diagnose(env);
    const text = Object.values(files).join('\n');
    expect(text).not.toContain(uuid);
    expect(text).not.toMatch(/(?<![\da-f:])(?:[\da-f]{2}:){5}[\da-f]{2}/i);
    expect(
      text.match(/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g)?.filter((each) => !each.startsWith('127.')),
    ).toEqual([]);
    expect(JSON.parse(files['status.json'] ?? '')).toMatchObject({
      runtime: { host: { hostname: '<host 1>' }, device: { uuid: '<device 1>' } },
      supervisor: {
        device: {
          ipAddresses: [expect.stringMatching(/^<ip \d>$/)],
          macAddresses: [expect.stringMatching(/^<mac \d>$/)],
        },
      },
    });
    expect(files['README.txt']).toMatch(/^ {2}mac +\d of MAC addresses$/m);
    expect(text.split(/[^\w-]+/)).not.toContain(hostname());
  });

  test('includes no free text from Cloudly, the Supervisor, the environment or other programs', async () => {
    const issuer = { cloudlyId: 'zdenkas-cloudly', serverTime: new Date().toISOString() };
    const cloudlyUrl = await serveHttp(({ method }, response) => {
      const detail = 'Ask Zdenka Novakova (zdenka@acme-shop.example, +420 601 234 567) in Brno';
      const code = method === 'POST' ? 'join-token-unknown' : 'method-not-allowed';
      response.writeHead(method === 'POST' ? 401 : 405, { 'content-type': PROBLEM_MEDIA_TYPE });
      response.end(JSON.stringify(problemDocument({ code, detail }, issuer)));
    });
    const supervisor = await serveHttp((_request, response) => {
      response.writeHead(500, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ status: 'failed', message: 'pull of registry.acme-shop.example/brno/till denied' }),
      );
    });
    const env = rig.env({
      BASEOS_CLOUDLY_URL: cloudlyUrl,
      BASEOS_JOIN_TOKEN: 'of-another-cloudly',
      BASEOS_NODE_ID: 'brno-till-7',
      BALENA_SUPERVISOR_ADDRESS: supervisor,
      BALENA_APP_NAME: 'Till of Brno',
      NO_PROXY: 'zdenka:hunter2@proxy,.acme-shop.example',
      HOME: '/home/zdenka',
      USER: 'zdenka',
    });
    const agent = rig.start(env);
    await agent.logged(/join-token-unknown/);
    await rig.statusThat(env, ({ cloudly }) => cloudly.problem?.code === 'join-token-unknown');
    const files = await diagnose(env);
    expect(Object.values(files).join('\n')).not.toMatch(/zdenka|novakova|brno|acme|hunter2|601 ?234/i);
    expect(JSON.parse(files['status.json'] ?? '')).toMatchObject({
      supervisor: { state: 'failing' },
      cloudly: { connectivity: 'rejected', problem: { code: 'join-token-unknown' } },
    });
    expect(files['recent-log.jsonl']).toContain('Cloudly does not recognise this join token');
    expect(JSON.parse(files['configuration.json'] ?? '')).toMatchObject({ BASEOS_NODE_ID: { value: '<node 1>' } });

    await agent.end();
    // What another version, or another program, has left in the run directory.
    await mkdir(rig.runDirectory, { recursive: true });
    await writeFile(
      join(rig.runDirectory, 'recent-log.jsonl'),
      '{"level":"warn","message":"Zdenka was here","brno":{"at":"acme-shop.example"}}\n"Novakova"\nnot JSON: Zdenka\n',
    );
    const later = await diagnose(env, 'later.tar.gz');
    expect(later['recent-log.jsonl']).toMatch(/^\{"level":"warn","message":"<user 1> was here"/);
    expect(Object.values(later).join('\n')).not.toMatch(/zdenka|novakova|brno|acme|hunter2/i);
  });

  test.skipIf(process.platform === 'win32')('does not wait for a pipe in place of the recent log', async () => {
    await mkdir(rig.runDirectory, { recursive: true });
    execFileSync('mkfifo', [join(rig.runDirectory, 'recent-log.jsonl')]);
    expect((await diagnose(rig.env()))['recent-log.jsonl']).toBe('');
  });

  test('works with an invalid configuration, and says so', async () => {
    const files = await diagnose(rig.env({ BASEOS_CLOUDLY_URL: 'nonsense' }));
    expect(Object.keys(files)).toEqual([
      'README.txt',
      'doctor.txt',
      'doctor.json',
      'status.json',
      'configuration.json',
      'commands.json',
      'supervisor.json',
      'recent-log.jsonl',
    ]);
    expect(files['doctor.txt']).toContain('FAIL  configuration');
    expect(files['doctor.txt']).toContain('pass  state directory');
  });

  test('prints the location and content of the archive as JSON', async () => {
    const output = join(rig.folder, 'told.tar.gz');
    const { exitCode, stdout } = await rig.run(['diagnose', '--json', '--output', output], rig.env());
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ path: output, files: Object.keys(await unpack(output)) });
  });

  test('overwrites nothing', async () => {
    const output = join(rig.folder, 'there.tar.gz');
    await writeFile(output, 'mine');
    const { exitCode, stdout, stderr } = await rig.run(['diagnose', '--output', output], rig.env());
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('already exists and was not changed');
    expect(await readFile(output, 'utf8')).toBe('mine');
  });

  test('follows no link, even a dangling one', async () => {
    const [target, output] = [join(rig.folder, 'elsewhere'), join(rig.folder, 'link.tar.gz')];
    await symlink(target, output);
    const { exitCode, stderr } = await rig.run(['diagnose', '--output', output], rig.env());
    expect(exitCode).toBe(1);
    expect(stderr).toContain('already exists and was not changed');
    await expect(stat(target)).rejects.toThrow(/ENOENT/);
  });

  test('writes no archive to a terminal', async () => {
    const written: unknown[] = [];
    const stdout = { isTTY: true, write: (text: string) => written.push(text) };
    const said: string[] = [];
    const stderr = { write: (text: string) => said.push(text) };
    const signals = { on: () => undefined, off: () => undefined };
    expect(await diagnoseHere({ env: {}, stdout, stderr, signals }, { output: '-', json: false })).toBe(2);
    expect(written).toEqual([]);
    expect(said.join('')).toContain('--output - >file');
  });

  test('says what to do if it cannot write', async () => {
    const { exitCode, stderr } = await rig.run(['diagnose', '--output', '/nowhere/at/all.tar.gz'], rig.env());
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/ENOENT.*--output -/);
  });

  test.runIf(process.platform === 'linux')('can be read by tar, even from stdout', async () => {
    const argv = ['-c', '"$0" "$1" diagnose --output - | tar -tzf -', process.execPath, rig.cliPath];
    const listed = await runProgram('/bin/sh', argv, { env: { ...rig.env(), PATH: process.env['PATH'] } });
    expect(listed).toMatch(/^baseos-diagnosis-\w+\/README\.txt$/m);
  });
});
