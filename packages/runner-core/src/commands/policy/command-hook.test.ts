import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandId } from '../../../test/worker-rig.js';
import { commandHook } from './command-hook.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'baseos-hook-'));
});
afterEach(async () => rm(directory, { recursive: true }));

const command = { id: commandId(1), kind: 'restart-service', service: 'main; rm -rf /' };

async function hook(script: string, mode = 0o755): Promise<string> {
  const path = join(directory, 'a hook $(false)');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, mode);
  return path;
}

async function ask(path: string, options: { signal?: AbortSignal; killAfter?: number } = {}) {
  const problems: string[] = [];
  const { signal = new AbortController().signal, killAfter } = options;
  const verdict = await commandHook(path, { onProblem: (problem) => problems.push(problem), killAfter })(command, {
    signal,
  });
  return { verdict, problems };
}

describe('a hook', () => {
  test.each([
    ['exit 0', 'run'],
    ['echo "Not while it moves."; exit 75', { postpone: 'Not while it moves.' }],
    ['echo "Never."; exit 1', { refuse: 'Never.' }],
    ['exit 3', { refuse: expect.stringContaining('exit code 3') }],
    ['exit 75', { postpone: expect.stringContaining('postpones it') }],
  ])('that does "%s"', async (script, verdict) => {
    expect(await ask(await hook(script))).toEqual({ verdict, problems: [] });
  });

  test('gets the command on stdin, no arguments, and PATH and HOME alone', async () => {
    process.env['BASEOS_JOIN_TOKEN'] = 'secret';
    try {
      const out = join(directory, 'out');
      const path = await hook(`{ cat; echo "$#"; env | cut -d= -f1 | sort | tr '\\n' ' '; } > '${out}'`);
      expect((await ask(path)).verdict).toBe('run');
      const [json = '', count, names = ''] = (await readFile(out, 'utf8')).split('\n');
      expect([JSON.parse(json), count]).toEqual([command, '0']);
      // The shell adds its own.
      expect(
        names
          .trim()
          .split(' ')
          .filter((name) => !['PWD', '_', 'SHLVL', 'OLDPWD'].includes(name)),
      ).toEqual(['HOME', 'PATH']);
    } finally {
      delete process.env['BASEOS_JOIN_TOKEN'];
    }
  });

  test('may write more than is read, and not read its input', async () => {
    const path = await hook('exec 0<&-; head -c 1000000 /dev/zero | tr "\\0" x; exit 1');
    const { verdict } = await ask(path);
    expect(verdict).toEqual({ refuse: 'x'.repeat(1000) });
  });

  test('may leave a process behind that holds its output', async () => {
    const path = await hook('sleep 20 & echo $! > "$0.pid"; echo yes; exit 1');
    expect((await ask(path)).verdict).toEqual({ refuse: 'yes' });
    process.kill(Number(await readFile(`${path}.pid`, 'utf8')), 'SIGKILL');
  });

  test('that takes too long is killed with its children, and postpones', async () => {
    const path = await hook('sleep 30 & echo $! > "$0.pid"; wait');
    const { verdict, problems } = await ask(path, { killAfter: 500 });
    expect(verdict).toEqual({ postpone: expect.stringContaining('took longer than 0.5 s') });
    expect(problems).toHaveLength(1);
    const child = Number(await readFile(`${path}.pid`, 'utf8'));
    // Nobody may wait for it, so it may stay as a zombie.
    await expect
      .poll(async () => (await readFile(`/proc/${child}/stat`, 'utf8').catch(() => 'gone')).replace(/^.*\) /, ''))
      .toMatch(/^(?:gone|Z)/);
  });

  test.each([
    ['is not executable', async () => hook('exit 0', 0o644)],
    ['is missing', async () => join(directory, 'missing')],
    ['is a directory', async () => directory],
    ['kills itself', async () => hook('kill -9 $$')],
  ])('that %s postpones', async (_what, path) => {
    const { verdict, problems } = await ask(await path());
    expect(verdict).toEqual({ postpone: expect.stringMatching(/cannot be executed|was ended by SIGKILL/) });
    expect(problems).toHaveLength(1);
  });

  test('ends when the agent stops', async () => {
    const stop = new AbortController();
    const path = await hook('touch "$0.began"; sleep 30');
    const asked = ask(path, { signal: stop.signal });
    await expect
      .poll(async () =>
        readFile(`${path}.began`).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    stop.abort();
    expect((await asked).verdict).toHaveProperty('postpone');
  });
});
