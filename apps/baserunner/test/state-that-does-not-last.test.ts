import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { Program } from '@serve.zone/baseos-testing/processes/program';
import { canMount, canMountDisk, unlessMountable } from '@serve.zone/baseos-testing/files/file-system-mount';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

const run = promisify(execFile);

let rig: Rig;
useRig((opened) => {
  rig = opened;
});
const mounts: string[] = [];
afterEach(async () => {
  for (const path of mounts.splice(0).toReversed()) await run('umount', ['--lazy', path]);
});

async function mount(path: string, ...argv: string[]): Promise<void> {
  await mkdir(path, { recursive: true });
  await run('mount', [...argv, path]);
  mounts.push(path);
}

/** An overlay on an in-memory disk, because the disk of the tests may itself be an overlay. */
async function mountLayers(path: string): Promise<void> {
  const layers = join(rig.folder, 'layers');
  await mount(layers, '-t', 'tmpfs', 'tmpfs');
  const names = ['lower', 'upper', 'work'].map((name) => join(layers, name));
  await Promise.all(names.map(async (name) => mkdir(name)));
  const [lower, upper, work] = names;
  await mount(path, '-t', 'overlay', 'overlay', '-o', `lowerdir=${lower},upperdir=${upper},workdir=${work}`);
}

/** A disk of its own, whatever the tests are on. */
async function mountDisk(path: string): Promise<void> {
  const image = join(rig.folder, 'disk.img');
  await run('mkfs.ext4', ['-q', image, '8m']);
  await mount(path, '-o', 'loop', image);
}

async function enrolled(): Promise<{ agent: Program; env: Record<string, string> }> {
  const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
  const agent = rig.start(env);
  await rig.event('heartbeat-received');
  await agent.logged(/acknowledged the first heartbeat/);
  await rig.statusThat(env, ({ cloudly }) => cloudly.state === 'registered');
  return { agent, env };
}

/** As status prints them on stderr. */
async function noticesOf(env: Record<string, string>): Promise<string> {
  return (await rig.run(['status'], env)).stderr;
}

interface Report {
  checks: { check: string; verdict: string; message: string; remedy?: string; facts?: object }[];
}

async function examined(env: Record<string, string>) {
  const { stdout } = await rig.run(['doctor', '--json'], env);
  const { checks } = JSON.parse(stdout) as Report;
  const find = (name: string) => checks.find(({ check }) => check === name);
  return { directory: find('state directory'), joinToken: find('join token') };
}

describe.runIf(canMount)(`a state directory that does not persist${unlessMountable}`, () => {
  test.each([
    ['tmpfs', async (path: string) => mount(path, '-t', 'tmpfs', 'tmpfs'), /is in memory: .* next restart/],
    ['ramfs', async (path: string) => mount(path, '-t', 'ramfs', 'ramfs'), /is in memory: .* next restart/],
    ['layers', mountLayers, /is in a layer of the container and not on a volume: .* is replaced/],
  ] as const)(
    'on %s is reported by log, status and doctor, and the join token stays necessary',
    async (_kind, make, words) => {
      await make(rig.stateDirectory);
      const { agent, env } = await enrolled();
      expect(agent.stderr).toMatch(new RegExp(`warn .*${words.source}.*Mount a volume there`));
      const notices = await noticesOf(env);
      expect(notices).toMatch(words);
      expect(notices).not.toMatch(/no longer needed|Remove it/);
      const { directory, joinToken } = await examined(env);
      expect(directory).toMatchObject({
        verdict: 'warn',
        message: expect.stringMatching(words) as string,
        facts: { code: 'identity-impermanent' },
      });
      expect(directory?.remedy).toMatch(/^Mount a volume there/);
      expect(joinToken).toMatchObject({
        verdict: 'pass',
        message: expect.stringContaining('Keep BASEOS_JOIN_TOKEN set') as string,
      });
      const { BASEOS_JOIN_TOKEN: _, ...withoutToken } = env;
      expect((await examined(withoutToken)).joinToken).toMatchObject({ verdict: 'warn' });
    },
  );

  test('below an in-memory directory is reported before it is created', async () => {
    await mount(join(rig.folder, 'memory'), '-t', 'tmpfs', 'tmpfs');
    const env = rig.env({ BASEOS_STATE_PATH: join(rig.folder, 'memory', 'baseos', 'state.json') });
    expect(await noticesOf(env)).toMatch(/is in memory/);
  });

  test('behind a link as state file is judged by the link’s target', async () => {
    await mount(join(rig.folder, 'memory'), '-t', 'tmpfs', 'tmpfs');
    await run('ln', ['-s', join(rig.folder, 'memory', 'state.json'), rig.statePath]);
    expect(await noticesOf(rig.env())).toMatch(/memory is in memory/);
  });
});

describe.runIf(canMountDisk)(`a state directory on its own disk (needs root, and loop devices)`, () => {
  test('causes no warning, and the join token may be removed', async () => {
    await mountDisk(rig.stateDirectory);
    const { agent, env } = await enrolled();
    expect(agent.stderr).not.toMatch(/ warn /);
    const { notices } = await rig.status(env);
    expect(notices.map(({ code }) => code)).toEqual(['join-token-needless']);
    expect((await examined(env)).joinToken).toMatchObject({
      verdict: 'warn',
      remedy: expect.stringMatching(/^Remove BASEOS_JOIN_TOKEN/) as string,
    });
  });
});
