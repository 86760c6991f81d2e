import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import {
  chmod,
  chown,
  lchown,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryIdentityStore } from '../../test/memory-identity-store.js';
import { simulate } from '../../test/simulation.js';
import { deviceBootId } from './device-boot-id.js';
import { HEALTHY_UNTIL_FILE_NAME, STATUS_FILE_NAME } from '../config/agent-files.js';
import { readPublishedStatus } from '../reports/read-published-status.js';
import { inSentences, type Problem } from '../values/problem.js';
import { createRunDirectory } from './run-directory.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'baseos-run-'));
});
afterEach(async () => rm(directory, { recursive: true, force: true }));

function noProblem(problem: Problem): void {
  throw new Error(inSentences(problem));
}

async function read(name: string) {
  return readFile(join(directory, 'run', name), 'utf8');
}

describe('the run directory', () => {
  test('is created, and holds each file complete and for this user only', async () => {
    const runPath = join(directory, 'run');
    const publisher = createRunDirectory({ runPath, onProblem: noProblem });
    await publisher.publish({ 'status.json': 'one', 'healthy-until': '1\n' });
    await publisher.publish({ 'status.json': 'two', 'healthy-until': '2\n' });
    expect(await readdir(runPath)).toEqual(['healthy-until', 'status.json']);
    expect(await read('status.json')).toBe('two');
    expect((await stat(runPath)).mode & 0o777).toBe(0o700);
    expect((await stat(join(runPath, 'status.json'))).mode & 0o777).toBe(0o600);
    await publisher.withdraw();
    expect(await readdir(runPath)).toEqual([]);
  });

  test.runIf(process.platform === 'linux').each([
    ['a file', (path: string) => writeFile(path, ''), /run is a file, not a directory\. Remove it/],
    [
      'below a file',
      async (path: string) => symlink('/etc/passwd/x', path),
      /passwd is a file, not a directory\. Remove it/,
    ],
    ['a device', async (path: string) => symlink('/dev/null', path), /null is a pipe, a socket or a device, not a/],
    ['a link to itself', async (path: string) => symlink('run', path), /The symbolic link \S+run leads back to itself/],
    [
      'a dangling link',
      async (path: string) => symlink('/nowhere/run', path),
      /The symbolic link \S+run leads to \/nowhere\/run, and \/nowhere is missing/,
    ],
  ])('that is %s is reported as such, and used once it is a directory', async (_what, make, says) => {
    const runPath = join(directory, 'run');
    await make(runPath);
    const problems: string[] = [];
    const publisher = createRunDirectory({ runPath, onProblem: (problem) => problems.push(inSentences(problem)) });
    await publisher.publish({ 'status.json': 'one' });
    expect(problems).toEqual([expect.stringMatching(says)]);
    await rm(runPath);
    await publisher.publish({ 'status.json': 'two' });
    expect(await read('status.json')).toBe('two');
  });

  test('keeps no temporary file if it cannot be put in place', async () => {
    const runPath = join(directory, 'run');
    await mkdir(join(runPath, 'status.json', 'somebodys'), { recursive: true });
    const problems: string[] = [];
    await createRunDirectory({ runPath, onProblem: (problem) => problems.push(inSentences(problem)) }).publish({
      'status.json': 'one',
    });
    expect(problems).toEqual([expect.stringContaining('status.json')]);
    expect(await readdir(runPath)).toEqual(['status.json']);
  });

  test.runIf(process.platform === 'linux')('that nobody can create is reported once and blocks nobody', async () => {
    const problems: string[] = [];
    const publisher = createRunDirectory({
      runPath: '/proc/baseos/run',
      onProblem: (problem) => problems.push(inSentences(problem)),
    });
    await publisher.publish({ 'status.json': 'one' });
    await publisher.publish({ 'status.json': 'two' });
    expect(problems).toEqual([expect.stringMatching(/ENOENT.*BASEOS_RUN_PATH/)]);
  });

  test('that is not writable is reported once, and used as soon as it is', async () => {
    const runPath = join(directory, 'run');
    await writeFile(runPath, 'in the way');
    const problems: string[] = [];
    const publisher = createRunDirectory({ runPath, onProblem: (problem) => problems.push(inSentences(problem)) });
    await publisher.publish({ 'status.json': 'one' });
    await publisher.publish({ 'status.json': 'two' });
    expect(problems).toEqual([expect.stringContaining('BASEOS_RUN_PATH')]);
    await publisher.withdraw();
    await rm(runPath);
    await publisher.publish({ 'status.json': 'three' });
    expect(await read('status.json')).toBe('three');
  });
});

/** Where files are written in the background, and where they are in memory and written at once. */
const places = [tmpdir(), '/dev/shm'].filter((place) => existsSync(place));

describe.each(places)('a run directory below %s', (place) => {
  let runPath: string;
  beforeEach(async () => {
    runPath = await mkdtemp(join(place, 'baseos-run-'));
  });
  afterEach(async () => rm(runPath, { recursive: true, force: true }));
  const text = async (name: string) => readFile(join(runPath, name), 'utf8');

  test('keeps a file whose text has not changed, and replaces the others', async () => {
    const publisher = createRunDirectory({ runPath, onProblem: noProblem });
    await publisher.publish({ log: 'same', status: 'one' });
    const before = await stat(join(runPath, 'log'));
    await publisher.publish({ log: 'same', status: 'two' });
    expect((await stat(join(runPath, 'log'))).ino).toBe(before.ino);
    expect(await text('status')).toBe('two');
    await publisher.publish({ log: 'changed', status: 'two' });
    expect(await text('log')).toBe('changed');
    expect(await readdir(runPath)).toEqual(['log', 'status']);
  });

  test('gets every file again when it was made anew', async () => {
    const publisher = createRunDirectory({ runPath, onProblem: noProblem });
    await publisher.publish({ log: 'same' });
    await rename(runPath, `${runPath}.old`);
    await publisher.publish({ log: 'same' });
    expect(await text('log')).toBe('same');
    expect((await stat(runPath)).mode & 0o777).toBe(0o700);
    await rm(`${runPath}.old`, { recursive: true });
  });

  test('replaces what is in the way of a file, and does not follow it', async () => {
    const treasure = join(runPath, 'treasure');
    await writeFile(treasure, 'precious');
    await symlink(treasure, join(runPath, `.status.${process.pid}`));
    await createRunDirectory({ runPath, onProblem: noProblem }).publish({ status: 'one' });
    expect(await text('status')).toBe('one');
    expect(await text('treasure')).toBe('precious');
  });

  test('leaves files that it has not published to whoever did', async () => {
    await writeFile(join(runPath, 'status'), "another agent's");
    const publisher = createRunDirectory({ runPath, onProblem: noProblem });
    await publisher.publish({ 'healthy-until': '1' });
    await publisher.withdraw();
    expect(await readdir(runPath)).toEqual(['status']);
  });
});

describe.runIf(process.platform !== 'win32')('predictable names', () => {
  const names = ['status.json', `.status.json.${process.pid}`];
  let runPath: string;
  let treasure: string;
  beforeEach(async () => {
    runPath = join(directory, 'run');
    treasure = join(directory, 'treasure');
    await mkdir(runPath);
    await writeFile(treasure, 'precious');
  });
  const publish = async (): Promise<string[]> => {
    const problems: string[] = [];
    await createRunDirectory({ runPath, onProblem: (problem) => problems.push(inSentences(problem)) }).publish({
      'status.json': 'one',
    });
    return problems;
  };

  const obstacles: Record<string, (path: string) => Promise<unknown>> = {
    'a link to a file': async (path) => symlink(treasure, path),
    'a hard link': async (path) => link(treasure, path),
    'a dangling link': async (path) => symlink(join(directory, 'nowhere'), path),
    'a pipe that nobody reads': async (path) => promisify(execFile)('mkfifo', [path]),
  };
  const combined = Object.keys(obstacles).flatMap((obstacle) => names.map((name) => [obstacle, name] as const));

  test.each(combined)('%s at %s is replaced, not written through', async (obstacle, name) => {
    await obstacles[obstacle]?.(join(runPath, name));
    expect(await publish()).toEqual([]);
    expect(await read('status.json')).toBe('one');
    expect((await lstat(join(runPath, 'status.json'))).isFile()).toBe(true);
    expect(await readFile(treasure, 'utf8')).toBe('precious');
    expect(await readdir(directory)).toEqual(['run', 'treasure']);
    expect(await readdir(runPath)).toEqual(['status.json']);
  });

  test.each(names)('a directory at %s is reported', async (name) => {
    await mkdir(join(runPath, name));
    expect(await publish()).toEqual([expect.stringContaining(name)]);
  });

  test('a directory that others may write to is not trusted unless it is sticky', async () => {
    await chmod(runPath, 0o777);
    expect(await publish()).toEqual([]);
    expect((await stat(runPath)).mode & 0o7777).toBe(0o755);
    await chmod(runPath, 0o1777);
    expect(await publish()).toEqual([]);
    expect((await stat(runPath)).mode & 0o7777).toBe(0o1777);
  });

  test('a link of this user leads to the directory', async () => {
    await rm(runPath, { recursive: true });
    await mkdir(join(directory, 'elsewhere'));
    await symlink(join(directory, 'elsewhere'), runPath);
    expect(await publish()).toEqual([]);
    expect(await read('status.json')).toBe('one');
  });

  describe.runIf(process.getuid?.() === 0)('where another user was first', () => {
    test.each([
      ['made the directory', async () => chown(runPath, 1234, 1234)],
      [
        'made a link to a directory of this user',
        async () => {
          await rename(runPath, join(directory, 'real'));
          await symlink(join(directory, 'real'), runPath);
          await lchown(runPath, 1234, 1234);
        },
      ],
      [
        'made the directory that a link of this user leads to',
        async () => {
          await rename(runPath, join(directory, 'real'));
          await symlink(join(directory, 'real'), runPath);
          await chown(join(directory, 'real'), 1234, 1234);
        },
      ],
    ])('who %s, nothing is written, and the problem is reported', async (_, make) => {
      await make();
      expect(await publish()).toEqual([expect.stringMatching(/user 1234.*BASEOS_RUN_PATH/)]);
      expect(await readdir(runPath)).toEqual([]);
    });

    test.each([
      [1234, undefined, 'foreign'],
      [1234, 1234, 'live'],
      [0, 1234, 'live'],
    ] as const)('a status of user %i beside a state of user %s is %s', async (uid, stateUid, kind) => {
      const { runner, clock } = simulate({
        publisher: createRunDirectory({ runPath, onProblem: noProblem }),
        store: new MemoryIdentityStore(),
      });
      await runner.start();
      await clock.advance(1000);
      const statePath = join(directory, 'state', 'state.json');
      const found = async () => readPublishedStatus({ runPath, statePath, machine: { uptimeMs: () => 1_001_000 } });
      await expect.poll(async () => (await found()).kind).toBe('live');
      if (stateUid !== undefined) {
        await mkdir(join(directory, 'state'));
        await chown(join(directory, 'state'), stateUid, stateUid);
      }
      await chown(join(runPath, STATUS_FILE_NAME), uid, uid);
      expect(await found()).toMatchObject({ kind, path: join(runPath, STATUS_FILE_NAME) });
      // What it still publishes must not meet the removal of the folder.
      await runner.stop();
    });
  });

  test.each(Object.keys(obstacles))('%s is not a status, and blocks no reader', async (obstacle) => {
    await obstacles[obstacle]?.(join(runPath, STATUS_FILE_NAME));
    expect(await readPublishedStatus({ runPath, machine: { uptimeMs: () => 1 } })).toEqual({ kind: 'none' });
  });
});

describe('the live status of an agent', () => {
  const publishing = () => {
    const runPath = join(directory, 'run');
    const publisher = createRunDirectory({ runPath, onProblem: noProblem });
    return { runPath, ...simulate({ publisher, store: new MemoryIdentityStore(), config: { runPath } }) };
  };
  const uptimeAt = (uptimeSeconds: number) => ({ uptimeMs: () => uptimeSeconds * 1000 });
  /** The publisher writes in the background. */
  const published = async (runPath: string, uptimeSeconds: number, state: string) => {
    const machine = uptimeAt(uptimeSeconds);
    await expect
      .poll(async () => readPublishedStatus({ runPath, machine }))
      .toMatchObject({ published: { status: { cloudly: { state } } } });
    return readPublishedStatus({ runPath, machine });
  };

  test('can be read while it runs, with a deadline after its next step', async () => {
    const { runner, clock, runPath } = publishing();
    await runner.start();
    await clock.advance(1000);
    const found = await published(runPath, 1001, 'registered');
    expect(found).toMatchObject({
      kind: 'live',
      path: join(runPath, STATUS_FILE_NAME),
      published: {
        format: 1,
        agent: { pid: process.pid, version: '1.2.3' },
        writtenAtUptimeSeconds: 1000,
        status: JSON.parse(JSON.stringify(runner.status())),
      },
    });
    // The next heartbeat is a minute away, and three deadlines may pass after it.
    expect(await read(HEALTHY_UNTIL_FILE_NAME)).toMatch(/^1360 1000 ([\da-f-]{36}|-)\n$/);
    await runner.stop();
    expect(await readPublishedStatus({ runPath, machine: uptimeAt(1002) })).toEqual({ kind: 'none' });
  });

  test('stays healthy through a Cloudly outage, and becomes stale when the agent hangs or the device restarts', async () => {
    const { runner, clock, cloudly, runPath } = publishing();
    cloudly.onRegister = () => ({ kind: 'timeout', timeoutMs: 30_000 });
    await runner.start();
    await clock.advance(24 * 3_600_000);
    const uptimeNow = 1000 + 24 * 3600;
    await expect
      .poll(async () => (await readPublishedStatus({ runPath, machine: uptimeAt(uptimeNow) })).kind)
      .toBe('live');
    expect((await readPublishedStatus({ runPath, machine: uptimeAt(uptimeNow + 1000) })).kind).toBe('stale');
    expect((await readPublishedStatus({ runPath, machine: uptimeAt(10) })).kind).toBe('stale');
  });

  test('is stale after a restart of the device, whatever the uptime says', async () => {
    const { runner, clock, runPath } = publishing();
    await runner.start();
    await clock.advance(1000);
    await published(runPath, 1001, 'registered');
    const path = join(runPath, STATUS_FILE_NAME);
    const written = JSON.parse(await readFile(path, 'utf8')) as object;
    const kindWith = async (bootId: string | undefined) => {
      await writeFile(path, JSON.stringify({ ...written, deviceBootId: bootId }));
      return (await readPublishedStatus({ runPath, machine: uptimeAt(1001) })).kind;
    };
    expect(await kindWith(deviceBootId())).toBe('live');
    expect(await kindWith(undefined)).toBe('live');
    expect(await kindWith('00000000-0000-4000-8000-000000000000')).toBe(
      deviceBootId() === undefined ? 'live' : 'stale',
    );
  });

  test('is stale as soon as its process is killed, but only after its deadline from another container', async () => {
    const { runner, clock, runPath } = publishing();
    await runner.start();
    await clock.advance(1000);
    await published(runPath, 1001, 'registered');
    await clock.advance(1000);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const ended = once(child, 'close');
    const change = async (changes: object) => {
      const path = join(runPath, STATUS_FILE_NAME);
      await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...changes }));
      return (await readPublishedStatus({ runPath, machine: uptimeAt(1002) })).kind;
    };
    const agent = { pid: child.pid, bootId: 'boot', version: '1.2.3' };
    expect(await change({ agent })).toBe('live');
    child.kill('SIGKILL');
    await ended;
    expect(await change({ agent })).toBe('stale');
    expect(await change({ pidNamespace: 'pid:[1]' })).toBe('live');
  });

  test.each(['', '{', 'null', '{"format":2}', '[]'])('is not read from a file that holds %j', async (text) => {
    await mkdir(join(directory, 'run'));
    await writeFile(join(directory, 'run', STATUS_FILE_NAME), text);
    expect(await readPublishedStatus({ runPath: join(directory, 'run'), machine: uptimeAt(1) })).toEqual({
      kind: 'none',
    });
  });

  test('does not exist if nothing was published', async () => {
    expect(await readPublishedStatus({ runPath: join(directory, 'nowhere'), machine: uptimeAt(1) })).toEqual({
      kind: 'none',
    });
  });
});
