import { readFile, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseTar } from 'nanotar';
import { describe, expect, it } from 'vitest';
import type { Rig } from './rig.js';
import { runProgram } from './run-program.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

/** The files of an archive by their names, without the folder that they are in. */
async function unpack(path: string): Promise<Record<string, string>> {
  // A copy: a Buffer is a part of a larger memory, of which parseTar would read the beginning.
  const items = parseTar(new Uint8Array(gunzipSync(await readFile(path))));
  return Object.fromEntries(items.map(({ name, text }) => [name.replace(/^[^/]+\//, ''), text]));
}

async function diagnose(env: Record<string, string>): Promise<Record<string, string>> {
  const output = join(rig.folder, 'diagnosis.tar.gz');
  const { exitCode, stdout, stderr } = await rig.run(['diagnose', '--output', output], env);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${output}\n` });
  expect(stderr).toContain('README.txt');
  expect((await stat(output)).mode & 0o777).toBe(0o600);
  return unpack(output);
}

const uuid = 'fedcba9876543210fedcba9876543210';

describe('baserunner diagnose', () => {
  it('has all that the agent that runs can tell, and its recent log', async () => {
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
      'supervisor.json',
      'recent-log.jsonl',
    ]);
    expect(JSON.parse(files['status.json'] ?? '')).toMatchObject({ agent: { running: true }, cloudly: { nodeId } });
    expect(JSON.parse(files['configuration.json'] ?? '')).toMatchObject({
      BASEOS_JOIN_TOKEN: { value: '[redacted]', source: 'environment' },
    });
    // Whatever the log's own level is.
    expect(files['recent-log.jsonl']).toContain('Registered with Cloudly');
    expect(files['recent-log.jsonl']).toContain('"level":"debug"');
  });

  it('has nothing that tells whose device it is', async () => {
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

  it('works where the configuration cannot be used, and says so', async () => {
    const files = await diagnose(rig.env({ BASEOS_CLOUDLY_URL: 'nonsense' }));
    expect(Object.keys(files)).toEqual([
      'README.txt',
      'doctor.txt',
      'doctor.json',
      'status.json',
      'configuration.json',
      'supervisor.json',
      'recent-log.jsonl',
    ]);
    expect(files['doctor.txt']).toContain('FAIL  configuration');
    expect(files['doctor.txt']).toContain('pass  state directory');
  });

  it('overwrites nothing', async () => {
    const output = join(rig.folder, 'there.tar.gz');
    await writeFile(output, 'mine');
    const { exitCode, stdout, stderr } = await rig.run(['diagnose', '--output', output], rig.env());
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('stays as it is');
    expect(await readFile(output, 'utf8')).toBe('mine');
  });

  it('says what to do where it cannot write', async () => {
    const { exitCode, stderr } = await rig.run(['diagnose', '--output', '/nowhere/at/all.tar.gz'], rig.env());
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/ENOENT.*--output -/);
  });

  it.runIf(process.platform === 'linux')('can be read by tar, also from stdout', async () => {
    const argv = ['-c', '"$0" "$1" diagnose --output - | tar -tzf -', process.execPath, rig.cliPath];
    const listed = await runProgram('/bin/sh', argv, { env: { ...rig.env(), PATH: process.env['PATH'] } });
    expect(listed).toMatch(/^baseos-diagnosis-\w+\/README\.txt$/m);
  });
});
