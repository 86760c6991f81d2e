import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { buildDefine } from '../build-define.js';
import { buildCli, type BuiltCli } from './build-cli.js';
import { Program } from '@serve.zone/baseos-testing/processes/program';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

async function run(argv: string[], env: Record<string, string> = {}) {
  const started = new Program([cli.path, ...argv], { env });
  const { code } = await started.exited;
  return { exitCode: code, stdout: started.stdout, stderr: started.stderr };
}

describe('the built CLI', () => {
  test('is self-contained: beside its licenses, only what it loads when it is needed', async () => {
    const names = await readdir(dirname(cli.path));
    expect(names).toEqual(expect.arrayContaining(['cli.js', 'cli.licenses.txt']));
    expect(names.filter((name) => !name.startsWith('cli.'))).toEqual([]);
    const texts = await Promise.all(names.map(async (name) => readFile(join(dirname(cli.path), name), 'utf8')));
    const imports = texts.flatMap((text) =>
      [...text.matchAll(/\b(?:from|import\()["']([^"']+)["']/g)].map(([, name]) => name),
    );
    expect(imports.filter((name) => !/^(?:\.\/cli\.|node:)/.test(name ?? ''))).toEqual([]);
    const { stdout, ...others } = await run(['--version']);
    expect(others).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.startsWith(`${manifest.version} (commit `)).toBe(true);
  });

  test('prints the commit and the day of its build', async () => {
    const { BASEOS_COMMIT: commit = '', BASEOS_BUILT_ON: builtOn = '' } = buildDefine({
      BASEOS_COMMIT: '0123456789ab',
      SOURCE_DATE_EPOCH: '86400',
    });
    expect(JSON.parse(commit)).toBe('0123456789ab');
    expect(JSON.parse(builtOn)).toBe('1970-01-02');
    const { stdout } = await run(['version', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      version: manifest.version,
      commit: expect.stringMatching(/^(?:[\da-f]{12,}(?:-dirty)?|unknown)$/) as unknown,
      builtOn: expect.stringMatching(/^20\d\d-\d\d-\d\d$/) as unknown,
    });
  });

  test('prints help and ends with 0', async () => {
    const { exitCode, stdout, stderr } = await run(['help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('check-supervisor');
  });

  test('prints help without loading HTTP', async () => {
    const probe = join(import.meta.dirname, 'print-loaded-modules.mjs');
    const started = new Program(['--import', probe, cli.path, '--help']);
    await started.exited;
    expect(started.stderr).toContain('NativeModule util');
    expect(started.stderr).not.toMatch(/undici|NativeModule _?http/);
  });

  test('ends with 2 for an unknown command, and suggests the nearest', async () => {
    const { exitCode, stdout, stderr } = await run(['chek-supervisor']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Did you mean "check-supervisor"?');
  });

  test('ends with 2 for an unknown flag, and suggests the nearest', async () => {
    const { exitCode, stderr } = await run(['request-update', '--froce']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean "--force"?');
  });

  test('tolerates a reader that stops early', async () => {
    const started = new Program([cli.path, 'help']);
    started.closeStdout();
    expect(await started.exited).toEqual({ code: 0, signal: null });
    expect(started.stderr).toBe('');
  });

  test.runIf(process.platform === 'linux').each(['help', 'status'])(
    'ends with 1 if the result of %s cannot be written, and says so',
    (command) => {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [cli.path, command], {
        env: {},
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(full);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^baserunner: the result cannot be written to stdout: ENOSPC.*$/m);
    },
  );
});

const mistakes: [variable: string, value: string][] = [
  ['BASEOS_HEARTBEAT_INTERVAL_MS', 'abc'],
  ['BASEOS_HEARTBEAT_INTERVAL_MS', '999'],
  ['BASEOS_CLOUDLY_URL', 'cloudly.example'],
  ['BASEOS_CLOUDLY_URL', 'http://cloudly.example'],
  ['BASEOS_NODE_ID', 'two words'],
  ['BASEOS_JOIN_TOKEN', 'canary with spaces'],
  ['BASEOS_JOIN_TOKEN_FILE', '/nowhere/token'],
  ['BASEOS_LOG_LEVEL', 'loud'],
  ['BASEOS_LOG_FORMAT', 'xml'],
  ['BASEOS_START_SPREAD_MS', '-1'],
  ['BASEOS_CLOUDLY_MOVED_FROM', 'nonsense'],
  ['BASEOS_METRICS_LISTEN', '0.0.0.0:9464'],
  ['BALENA_SUPERVISOR_ADDRESS', 'ftp://127.0.0.1'],
];

describe.each(['start', 'status', 'check-supervisor', 'request-update'])(
  '%s with an error in the environment',
  (command) => {
    test('ends with 2 and names every error with its variable and what is expected', async () => {
      const all = Object.fromEntries(mistakes.filter(([variable]) => !variable.endsWith('_FILE')).toReversed());
      const { exitCode, stdout, stderr } = await run([command], all);
      expect(exitCode).toBe(2);
      // Commands that only read show whatever they can.
      expect(stdout === '').toBe(command !== 'status');
      const lines = stderr.trimEnd().split('\n').slice(1);
      expect(lines).toHaveLength(Object.keys(all).length);
      for (const variable of Object.keys(all)) expect(lines.filter((line) => line.includes(variable))).toHaveLength(1);
    });
  },
);

describe('start with one error in the environment', () => {
  test.each(mistakes)('%s=%s ends with 2 and creates no state', async (variable, value) => {
    const folder = join(dirname(cli.path), 'device');
    await mkdir(folder, { recursive: true });
    const { exitCode, stderr } = await run(['start'], {
      BASEOS_STATE_PATH: join(folder, 'state.json'),
      BASEOS_RUN_PATH: join(folder, 'run'),
      BASEOS_CLOUDLY_URL: 'https://127.0.0.1:9',
      [variable]: value,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(new RegExp(`^baserunner: the configuration has a mistake:\\n {2}- .*${variable}\\b.*\\n$`));
    expect(stderr).not.toContain('canary');
    expect(await readdir(folder)).toEqual([]);
  });
});
