import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandId } from '../../../test/worker-rig.js';
import { commandHook } from './command-hook.js';
import { startHook } from './hook-process.js';

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

async function plainFile(content: string | Uint8Array): Promise<string> {
  const path = join(directory, 'plain');
  await writeFile(path, content);
  await chmod(path, 0o755);
  return path;
}

/** The beginning of a 64-bit program in the byte order of most processors. */
function programFor(machine: number): Uint8Array {
  const head = Buffer.alloc(64);
  head.write('\u007FELF\u0002\u0001\u0001', 'latin1');
  head.writeUInt16LE(machine, 18);
  return head;
}

/** Nobody may wait for it, so it may stay as a zombie. */
async function ended(pid: number): Promise<void> {
  await expect
    .poll(async () => (await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone')).replace(/^.*\) /, ''))
    .toMatch(/^(?:gone|Z)/);
}

async function ask(path: string, options: { signal?: AbortSignal; killAfterMs?: number } = {}) {
  const problems: string[] = [];
  const { signal = new AbortController().signal, killAfterMs } = options;
  const verdict = await commandHook(path, { onProblem: ({ code }) => problems.push(code), killAfterMs })(command, {
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
    const { verdict, problems } = await ask(path, { killAfterMs: 500 });
    expect(verdict).toMatchObject({
      postpone: expect.stringContaining('took longer than 0.5 s'),
      problem: { code: 'hook-too-slow' },
    });
    expect(problems).toEqual(['hook-too-slow']);
    await ended(Number(await readFile(`${path}.pid`, 'utf8')));
  });

  test('that hangs ends with its children when its agent is gone', async () => {
    const path = await hook('read -r command; sleep 30 & echo "$$ $! $command" > "$0.pid"; wait');
    const { stdin } = await startHook(path, 'the command');
    await expect.poll(async () => readFile(`${path}.pid`, 'utf8').catch(() => '')).toMatch(/\n/);
    const [own = '', child = '', ...line] = (await readFile(`${path}.pid`, 'utf8')).trim().split(' ');
    expect(line.join(' ')).toBe('the command');
    // As the system does when a process ends in any way.
    stdin?.destroy();
    await ended(Number(own));
    await ended(Number(child));
  });

  test.each([
    ['is not executable', /cannot be executed: EACCES/, async () => hook('exit 0', 0o644)],
    ['is missing', /cannot be executed: ENOENT/, async () => join(directory, 'missing')],
    ['is a directory', /cannot be executed: it is not a file/, async () => directory],
    ['is a script without a first line that says so', /does not begin with #!/, async () => plainFile('exit 1\n')],
    ['is a program for another processor', /built for another processor/, async () => plainFile(programFor(22))],
    ['needs an interpreter that is missing', /exit code 127/, async () => plainFile('#!/missing/interpreter\n')],
    ['calls what is missing last', /exit code 127/, async () => hook('missing-program')],
    ['kills itself', /was ended by SIGKILL/, async () => hook('kill -9 $$')],
  ])('that %s postpones', async (_what, words, path) => {
    const { verdict, problems } = await ask(await path());
    expect(verdict).toMatchObject({ postpone: expect.stringMatching(words), problem: { code: problems[0] } });
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
