import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandPaths } from '@serve.zone/baseos-command-line';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { createSupervisor, type Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { variables } from '@serve.zone/baseos-runner-core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { commandTree } from './command-tree.js';
import { runCli } from './run-cli.js';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function run(argv: string[], env: Record<string, string | undefined> = {}) {
  let stdout = '';
  let stderr = '';
  const exitCode = await runCli(argv, {
    env,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { exitCode, stdout, stderr };
}

async function listen(supervisor: Supervisor): Promise<Record<string, string>> {
  const { address, close } = await supervisor.listen();
  cleanUps.push(close);
  return { BALENA_SUPERVISOR_ADDRESS: address, BALENA_SUPERVISOR_API_KEY: supervisor.apiKey };
}

describe('baserunner', () => {
  test('prints its version', async () => {
    const told = { exitCode: 0, stdout: `${manifest.version} (commit unknown)\n`, stderr: '' };
    expect(await run(['--version'])).toEqual(told);
    expect(await run(['version'])).toEqual(told);
  });

  test('prints its version as JSON', async () => {
    const { stdout } = await run(['version', '--json']);
    expect(JSON.parse(stdout)).toEqual({ version: manifest.version, commit: 'unknown' });
  });

  test('lists its commands, without colours', async () => {
    const { exitCode, stdout, stderr } = await run(['help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const command of ['start', 'status', 'check-supervisor', 'request-update', 'help']) {
      expect(stdout).toMatch(new RegExp(`^ +${command} {2,}\\S`, 'm'));
    }
    expect(stdout).not.toMatch(/\p{Cc}\[| $/mu);
    expect(stdout).toContain('Exit codes: 0');
  });

  test('prints the usage of a command', async () => {
    expect((await run(['help', 'request-update'])).stdout).toContain('--force');
    expect((await run(['request-update', '--help'])).stdout).toContain('baserunner request-update');
  });

  test('fits in 80 columns for every command', async () => {
    const paths = await commandPaths(commandTree);
    expect(paths.length).toBeGreaterThan(8);
    for (const path of paths) {
      const { stdout } = await run(['help', ...path]);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  test('prints the settings of the agent', async () => {
    const { exitCode, stdout } = await run(['help', 'start']);
    expect(exitCode).toBe(0);
    for (const { name } of variables) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\n {6}\\S`, 'm'));
    expect(stdout).toContain('BASEOS_JOIN_TOKEN_FILE');
  });

  test.each([
    ['help', 'status'],
    ['status', '--help'],
  ])('%s %s prints the status', async (...argv) => {
    expect((await run(argv)).stdout).toContain('USAGE baserunner status');
  });
});

describe('--json', () => {
  const paths = (folder: string) => ({
    BASEOS_STATE_PATH: join(folder, 'state', 'state.json'),
    BASEOS_RUN_PATH: join(folder, 'run'),
  });
  test.each([
    [['status']],
    [['status', '--wire']],
    [['doctor']],
    [['check-supervisor']],
    [['request-update']],
    [['identity', 'show']],
    [['identity', 'reset']],
    [['version']],
  ])('is accepted by %j, which then prints one object and nothing else', async (argv) => {
    const folder = await mkdtemp(join(tmpdir(), 'baserunner-json-'));
    cleanUps.push(() => rm(folder, { recursive: true, force: true }));
    const { stdout } = await run([...argv, '--json'], paths(folder));
    expect(JSON.parse(stdout)).toBeTypeOf('object');
  });
});

describe('an invalid command line', () => {
  test.each([
    [['stat'], 'Unknown command "stat". Did you mean "status"?'],
    [['stauts'], 'Unknown command "stauts". Did you mean "status"?'],
    [['check'], 'Unknown command "check". Did you mean "check-supervisor"?'],
    [['update'], 'Unknown command "update".'],
    [['help', 'strat'], 'Unknown command "strat". Did you mean "start"?'],
    [[''], 'Unknown command "".'],
    [['toString'], 'Unknown command "toString".'],
    [['request-update', '--forse'], 'Unknown flag "--forse". Did you mean "--force"?'],
    [['request-update', '--force=no'], '--force takes no value.'],
    [['request-update', '--no-force'], 'Unknown flag "--no-force". Did you mean "--force"?'],
    [['request-update', '--force', '--force'], '--force is given twice.'],
    [['--force'], 'Unknown flag "--force".'],
    [['status', '--jsno'], 'Unknown flag "--jsno". Did you mean "--json"?'],
    [['status', '--human', '--json'], '--human cannot be combined with --json or --wire.'],
    [['status', '--human', '--wire'], '--human cannot be combined with --json or --wire.'],
    [['diagnose', '--output', '-', '--json'], '--json cannot be combined with --output -.'],
    [['--verison'], 'Unknown flag "--verison". Did you mean "--version"?'],
    [['-V'], 'Unknown flag "-V". Did you mean "-v"?'],
    [['versoin'], 'Unknown command "versoin". Did you mean "version"?'],
    [['start', 'now'], 'Unexpected argument "now": start takes flags only.'],
    [['help', 'start', 'status'], 'Unexpected argument "status": help takes one command.'],
    [['a\u001b[2J\n'], 'Unknown command "a\\u001b[2J\\n".'],
  ])('%j runs nothing and is reported on stderr, with exit code 2', async (argv, message) => {
    expect(await run(argv)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(/^.*\n"baserunner help[ a-z-]*" (?:lists the commands|shows what it takes)\.\n$/),
    });
    expect(await run(argv)).toMatchObject({
      stderr: expect.stringContaining(`baserunner: ${message}\n`),
    });
  });

  test('never runs a command, whatever follows its name', async () => {
    const known = new Set(['--force', '--human', '--json', '--wire', '--help', '-h', '--version', '-v', '--']);
    const typed = fc.string({ minLength: 1 }).filter((argument) => !known.has(argument));
    const command = fc.constantFrom('start', 'status', 'check-supervisor', 'request-update');
    await fc.assert(
      fc.asyncProperty(command, typed, async (name, argument) => {
        const { exitCode, stdout, stderr } = await run([name, argument], { BASEOS_LOG_LEVEL: 'no level' });
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
        expect(stderr.endsWith(`\n"baserunner help ${name}" shows what it takes.\n`)).toBe(true);
      }),
    );
  });
});

describe.each(['start', 'status', 'check-supervisor', 'request-update'])('%s with a bad configuration', (command) => {
  test('names every error with its variable, and ends with exit code 2', async () => {
    const { exitCode, stdout, stderr } = await run([command], {
      // With a stored identity, what a node ID says would be a warning.
      BASEOS_STATE_PATH: '/proc/no-state-can-be-here/state.json',
      BASEOS_HEARTBEAT_INTERVAL_MS: 'abc',
      BASEOS_CLOUDLY_URL: 'cloudly.example',
      BASEOS_NODE_ID: 'two words\n',
    });
    expect(exitCode).toBe(2);
    // Commands that only read show whatever they can.
    expect(stdout === '').toBe(command !== 'status');
    const [title, ...mistakes] = stderr.trimEnd().split('\n');
    expect(title).toBe('baserunner: the configuration has mistakes:');
    const named = mistakes.map((line) => /^ {2}- .*?(BASEOS_\w+)/.exec(line)?.[1]);
    expect(named).toHaveLength(3);
    expect(new Set(named)).toEqual(new Set(['BASEOS_CLOUDLY_URL', 'BASEOS_HEARTBEAT_INTERVAL_MS', 'BASEOS_NODE_ID']));
  });
});

describe('start', () => {
  test('runs until its signal source sends one, and leaves no listener there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baserunner-'));
    cleanUps.push(() => rm(folder, { recursive: true }));
    const signals = new EventEmitter();
    let log = '';
    const exitCode = runCli(['start'], {
      env: { BASEOS_STATE_PATH: join(folder, 'state.json'), BASEOS_RUN_PATH: join(folder, 'run') },
      stdout: { write: () => expect.fail('Only a result is for stdout.') },
      stderr: { write: (text) => (log += text) },
      signals,
    });
    await expect.poll(() => log).toContain('BASEOS_CLOUDLY_URL');
    signals.emit('SIGTERM');
    expect(await exitCode).toBe(0);
    expect(signals.eventNames()).toEqual([]);
  });
});

describe('start while Cloudly holds its request', () => {
  test('ends at once on a second signal, and blames nobody for the connection that it closes itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'baserunner-'));
    cleanUps.push(() => rm(folder, { recursive: true }));
    const silent = createServer();
    const asked = once(silent, 'request');
    const { port, close } = await listenOnLoopback(silent);
    cleanUps.push(close);
    const signals = new EventEmitter();
    let log = '';
    const exitCode = runCli(['start'], {
      env: {
        BASEOS_STATE_PATH: join(folder, 'state.json'),
        BASEOS_RUN_PATH: join(folder, 'run'),
        BASEOS_CLOUDLY_URL: `http://127.0.0.1:${port}`,
        BASEOS_JOIN_TOKEN: 'join',
        BASEOS_START_SPREAD_MS: '0',
      },
      stderr: { write: (text) => (log += text) },
      signals,
    });
    await asked;
    signals.emit('SIGINT');
    signals.emit('SIGINT');
    expect(await exitCode).toBe(0);
    expect(log).not.toMatch(/reached|ECONNRESET/);
  });
});

describe('check-supervisor', () => {
  test('prints the result of each read', async () => {
    const env = await listen(createSupervisor());
    const { exitCode, stdout, stderr } = await run(['check-supervisor'], env);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      address: env['BALENA_SUPERVISOR_ADDRESS'],
      checks: [
        { check: 'ping', ok: true, durationMs: expect.any(Number) as number },
        { check: 'version', ok: true, result: '19.0.5' },
        { check: 'device', ok: true, result: { supervisorVersion: '19.0.5' } },
        { check: 'stateStatus', ok: true, result: { appState: 'applied' } },
      ],
    });
  });

  test('says which reads fail with a wrong key, and what to do', async () => {
    const env = await listen(createSupervisor());
    const { exitCode, stdout } = await run(['check-supervisor'], { ...env, BALENA_SUPERVISOR_API_KEY: 'canary123' });
    expect(exitCode).toBe(1);
    expect(stdout).not.toContain('canary123');
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { ok: boolean; error?: object }[] };
    expect([ok, checks.map((check) => check.ok)]).toEqual([false, [true, false, false, false]]);
    expect(checks[1]?.error).toMatchObject({
      code: 'unauthorized',
      remedy: expect.stringContaining('recreated') as string,
    });
  });

  test('says that the label is missing if there is no address', async () => {
    const { exitCode, stdout } = await run(['check-supervisor']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      problem: {
        code: 'not-configured',
        remedy: expect.stringContaining('io.balena.features.supervisor-api') as string,
      },
      checks: ['ping', 'version', 'device', 'stateStatus'].map((check) => ({ check, ok: false, notRun: true })),
    });
  });

  test('says once that the key is missing, and which checks were skipped because of it', async () => {
    const { BALENA_SUPERVISOR_ADDRESS } = await listen(createSupervisor());
    const { exitCode, stdout } = await run(['check-supervisor'], { BALENA_SUPERVISOR_ADDRESS });
    expect(exitCode).toBe(1);
    const report = JSON.parse(stdout) as { problem: { message: string }; checks: object[] };
    expect(report).toMatchObject({
      ok: false,
      problem: {
        code: 'api-key-missing',
        message: expect.stringContaining('BALENA_SUPERVISOR_API_KEY') as string,
        remedy: expect.stringContaining('io.balena.features.supervisor-api') as string,
      },
    });
    expect(report.checks).toMatchObject([
      { check: 'ping', ok: true },
      { check: 'version', ok: false, notRun: true },
      { check: 'device', ok: false, notRun: true },
      { check: 'stateStatus', ok: false, notRun: true },
    ]);
  });

  test('reports an address where nothing listens', async () => {
    const { address, close } = await createSupervisor().listen();
    await close();
    const { exitCode, stdout } = await run(['check-supervisor'], {
      BALENA_SUPERVISOR_ADDRESS: address,
      BALENA_SUPERVISOR_API_KEY: 'k',
    });
    expect(exitCode).toBe(1);
    const { checks } = JSON.parse(stdout) as { checks: { error?: { code: string } }[] };
    expect(checks.map(({ error }) => error?.code)).toEqual([
      'unreachable',
      'unreachable',
      'unreachable',
      'unreachable',
    ]);
  });
});

describe('request-update', () => {
  test('asks the Supervisor, and prints its answer', async () => {
    const supervisor = createSupervisor({ relay: false });
    const { exitCode, stdout, stderr } = await run(['request-update'], await listen(supervisor));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      requested: true,
      force: false,
      outcome: 'triggered',
      message: expect.stringMatching(/looks for a release now.*update lock.*--force/) as string,
    });
    expect(supervisor.requests).toEqual([{ method: 'POST', path: '/v1/update', authenticated: true }]);
  });

  test('overrides locks with --force', async () => {
    let nowMs = 0;
    const supervisor = createSupervisor({ clock: { now: () => nowMs } });
    supervisor.releaseAvailable({ commit: 'c2' });
    supervisor.lock();
    const { exitCode, stdout } = await run(['request-update', '--force'], await listen(supervisor));
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      requested: true,
      force: true,
      message: expect.stringContaining('overrides the update locks') as string,
    });
    nowMs += 3_600_000;
    expect(supervisor.state.apps[0]).toMatchObject({ commit: 'c2', lockedBy: undefined });
  });

  test('fails with code, message and remedy if the Supervisor is unreachable', async () => {
    const supervisor = createSupervisor({ fault: 'bad-gateway' });
    const { exitCode, stdout } = await run(['request-update'], await listen(supervisor));
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      requested: false,
      force: false,
      error: {
        code: expect.any(String) as string,
        endpoint: 'POST /v1/update',
        message: expect.stringContaining('POST /v1/update') as string,
        remedy: expect.any(String) as string,
      },
    });
  });

  test('says that the label is missing if there is no address', async () => {
    const { exitCode, stdout } = await run(['request-update']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ requested: false, error: { code: 'not-configured' } });
  });
});
