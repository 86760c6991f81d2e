import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type * as Promises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor, type Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { closedPort, serveSilently } from './loopback-server.js';
import { examine } from '../src/doctor/examine.js';
import type { CheckName, Finding } from '../src/doctor/finding.js';
import { judgeAgent } from '../src/doctor/judge-agent.js';
import { judgeClock } from '../src/doctor/judge-clock.js';
import { judgeStateDirectory, judgeStateFile } from '../src/doctor/judge-state.js';
import { judgeSupervisorVersion } from '../src/doctor/judge-supervisor.js';
import { renderReport } from '../src/doctor/render-report.js';

// The machine's temporary folder may be in memory, which doctor reports first.
vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof Promises>();
  const ext4 = 0xef_53;
  const statfs = async (_path: string, options?: { bigint?: boolean }) => {
    const stats = await real.statfs(tmpdir(), options);
    return Object.assign(stats, { type: options?.bigint === true ? BigInt(ext4) : ext4 });
  };
  return { ...real, statfs };
});

let folder: string;
let stateDirectory: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baserunner-doctor-'));
  stateDirectory = join(folder, 'state');
  mkdirSync(stateDirectory, { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function findings(env: Record<string, string | undefined> = {}): Promise<Record<CheckName, Finding>> {
  const { checks, durationMs } = await examine({
    BASEOS_STATE_PATH: join(stateDirectory, 'state.json'),
    BASEOS_RUN_PATH: join(folder, 'run'),
    ...env,
  });
  expect(durationMs).toBeLessThan(15_000);
  return Object.fromEntries(checks.map((finding) => [finding.check, finding])) as Record<CheckName, Finding>;
}

async function supervisorOf(supervisor: Supervisor, apiKey = supervisor.apiKey): Promise<Record<string, string>> {
  const { address, close } = await supervisor.listen();
  onTestFinished(close);
  return { BALENA_SUPERVISOR_ADDRESS: address, BALENA_SUPERVISOR_API_KEY: apiKey };
}

describe('the configuration', () => {
  test('fails with every error, and the independent checks still run', async () => {
    const found = await findings({ BASEOS_CLOUDLY_URL: 'nonsense', BASEOS_LOG_LEVEL: 'loud' });
    expect(found.configuration.verdict).toBe('fail');
    expect(found.configuration.facts).toEqual({
      code: 'invalid-configuration',
      codes: ['setting-invalid', 'setting-invalid'],
      variables: ['BASEOS_CLOUDLY_URL', 'BASEOS_LOG_LEVEL'],
    });
    expect(found['state directory'].verdict).toBe('pass');
    for (const check of ['name lookup', 'connection', 'TLS', 'Cloudly', 'join token'] as const) {
      expect(found[check]).toMatchObject({ verdict: 'skip', message: expect.stringContaining('BASEOS_CLOUDLY_URL') });
    }
  });

  test('that names another state directory keeps every check off the default one', async () => {
    const found = await findings({ BASEOS_STATE_PATH: `${stateDirectory}/` });
    for (const check of ['state directory', 'state file', 'join token', 'agent'] as const) {
      expect(found[check]).toMatchObject({ verdict: 'skip', message: expect.stringContaining('BASEOS_STATE_PATH') });
    }
  });

  test('warns of a misspelt variable', async () => {
    const { configuration } = await findings({ BASEOS_CLOUDLY_ULR: 'https://cloudly.example' });
    expect(configuration).toMatchObject({ verdict: 'warn', message: expect.stringContaining('BASEOS_CLOUDLY_URL') });
  });
});

describe('the state directory', () => {
  test('passes if it exists and is private', async () => {
    expect((await findings())['state directory'].verdict).toBe('pass');
  });

  test('warns if others may enter it', async () => {
    chmodSync(stateDirectory, 0o755);
    expect((await findings())['state directory']).toMatchObject({
      verdict: 'warn',
      remedy: expect.stringContaining('chmod 700'),
    });
  });

  test('warns if it is missing', async () => {
    rmSync(stateDirectory, { recursive: true });
    expect((await findings())['state directory']).toMatchObject({
      verdict: 'warn',
      message: expect.stringContaining('missing'),
    });
  });

  test('fails if it is a file', async () => {
    rmSync(stateDirectory, { recursive: true });
    writeFileSync(stateDirectory, '');
    expect((await findings())['state directory']).toMatchObject({
      verdict: 'fail',
      remedy: expect.stringContaining('BASEOS_STATE_PATH'),
    });
  });

  const sound = {
    directory: '/data/baseos',
    kind: 'directory',
    mode: 0o700,
    uid: 1000,
    readerUid: 1000,
    freeBytes: 1e9,
  } as const;
  const empty = { source: 'none', notices: [] } as const;

  test.each([
    [
      'is read-only',
      {
        writeProblem: {
          code: 'read-only' as const,
          message: '/data/baseos is on a read-only file system.',
          remedy: 'Mount a volume there.',
        },
      },
      'fail',
    ],
    [
      'has something else with the name of a record',
      {
        recordProblem: {
          code: 'directory-in-the-way' as const,
          message: '/data/baseos/gate.json is a directory, but the agent needs a file of that name.',
          remedy: 'Remove the directory.',
        },
      },
      'warn',
    ],
    ['is full', { freeBytes: 1000 }, 'fail'],
    ['is nearly full', { freeBytes: 5e6 }, 'warn'],
    ['is closed to the current user', { kind: 'hidden' as const }, 'fail'],
    ['belongs to another user but is writable', { uid: 0 }, 'pass'],
  ])('that %s: %s', (_what, changes, verdict) => {
    expect(judgeStateDirectory({ ...sound, ...changes }, empty, false).verdict).toBe(verdict);
  });

  test('reports an unreadable identity', () => {
    const notices = [
      {
        level: 'error' as const,
        code: 'state-not-readable' as const,
        message: '/data/baseos/state.json cannot be read: it is on fire.',
        remedy: 'Put it out.',
      },
    ];
    const judged = judgeStateFile(sound, { source: 'unreadable', notices }, [], false);
    expect(judged).toMatchObject({ verdict: 'fail', message: notices[0]?.message, remedy: 'Put it out.' });
  });

  const denial = {
    level: 'error',
    code: 'state-denied',
    message: 'The state belongs to user 0, not to user 1.',
    remedy: 'Run this command as user 0.',
  } as const;

  test('advises this user to take ownership of the directory only if the agent does not belong to another user', () => {
    const chown = 'As root, run: chown -R 1000:1000 /data/baseos';
    const writeProblem = { code: 'other-owner' as const, message: 'It belongs to somebody else.', remedy: chown };
    const judge = (isDenied: true | undefined, isAgentOfAnother: boolean) => {
      const stored = { source: 'unreadable', isDenied, notices: [denial] } as const;
      const found = { ...sound, writeProblem };
      const directory = judgeStateDirectory(found, stored, isAgentOfAnother).remedy;
      return { directory, file: judgeStateFile(found, stored, [], isAgentOfAnother).remedy };
    };
    const either = `If the agent runs as another user, run this command as that user. Otherwise: ${chown}`;
    expect(judge(true, false)).toEqual({ directory: either, file: either });
    const asAgent = 'Run this command as the user that the agent runs as.';
    expect(judge(true, true)).toEqual({ directory: asAgent, file: asAgent });
    expect(judge(undefined, false)).toEqual({ directory: chown, file: denial.remedy });
  });

  test('reports a damaged file, and that its copy is intact', async () => {
    writeFileSync(join(stateDirectory, 'state.json'), 'torn');
    writeFileSync(join(stateDirectory, 'state.json.last-good'), '{"nodeId":"old-node"}');
    const found = await findings();
    expect(found['state file'].verdict).not.toBe('pass');
    expect(found['state file'].message).toContain('state.json');
  });
});

describe('the join token', () => {
  const wellFormed = 'bjt_0123456789a_0123456789012345678901234567890123456789012';
  const withUrl = { BASEOS_CLOUDLY_URL: 'https://127.0.0.1:9' };
  test.each([
    ['is missing', undefined, 'fail', /not enrolled/],
    ['lost a character', `${wellFormed}00000`, 'fail', /too short/],
    ['is the one of an example', 'bjt_...', 'fail', /placeholder/],
    ['has a wrong one', `${wellFormed}000000`, 'fail', /has a typo/],
    ['is a node token', 'bnt_0123456789a_secret', 'fail', /node token/],
    ['has another format', 'something-of-another-cloudly', 'pass', /form/],
  ])('that %s: %s %s', async (_what, token, verdict, words) => {
    const found = await findings({ ...withUrl, BASEOS_JOIN_TOKEN: token });
    expect(found['join token'].verdict).toBe(verdict);
    expect(found['join token'].message).toMatch(words);
    expect(JSON.stringify(found)).not.toContain(token ?? 'canary');
  });
});

describe('Cloudly', () => {
  test('fails if none is configured, and the summary does not claim that nothing failed', async () => {
    const found = await findings();
    expect(found.Cloudly).toMatchObject({
      verdict: 'fail',
      message: expect.stringContaining('No Cloudly is configured') as string,
      remedy: expect.stringMatching(/BASEOS_CLOUDLY_URL.*BASEOS_JOIN_TOKEN/) as string,
    });
    const report = await examine({ BASEOS_STATE_PATH: join(stateDirectory, 'state.json') });
    expect(report.ok).toBe(false);
    expect(renderReport(report)).not.toContain('No check failed');
  });
});

describe('the Supervisor', () => {
  test('passes with its version and its apps', async () => {
    const found = await findings(await supervisorOf(createSupervisor()));
    expect(found['Supervisor address'].verdict).toBe('pass');
    expect(found['Supervisor key'].verdict).toBe('pass');
    expect(found['Supervisor version']).toMatchObject({ verdict: 'pass', facts: { version: '19.0.5' } });
    expect(found['Supervisor apps']).toMatchObject({ verdict: 'pass', facts: { apps: 1 } });
  });

  test('is not required outside balenaOS, and lacks its label there', async () => {
    expect((await findings())['Supervisor address'].verdict).toBe('skip');
    expect((await findings({ BALENA_DEVICE_UUID: 'abcdef' }))['Supervisor address']).toMatchObject({
      verdict: 'fail',
      message: expect.stringContaining('label'),
      remedy: expect.stringContaining('io.balena.features.supervisor-api'),
    });
  });

  test('fails once with a wrong key', async () => {
    const found = await findings(await supervisorOf(createSupervisor(), 'canary-key'));
    expect(found['Supervisor key'].verdict).toBe('fail');
    expect(found['Supervisor apps'].verdict).toBe('skip');
    expect(JSON.stringify(found)).not.toContain('canary-key');
  });

  test('fails without a key', async () => {
    const { BALENA_SUPERVISOR_ADDRESS } = await supervisorOf(createSupervisor());
    expect((await findings({ BALENA_SUPERVISOR_ADDRESS }))['Supervisor key'].verdict).toBe('fail');
  });

  test('fails if nothing listens', async () => {
    const found = await findings({ BALENA_SUPERVISOR_ADDRESS: await closedPort('http') });
    expect(found['Supervisor address'].verdict).toBe('fail');
    expect(found['Supervisor key'].verdict).toBe('skip');
  });

  test('fails in time if it hangs, even while Cloudly hangs too', async () => {
    const address = await serveSilently('http');
    const found = await findings({
      BALENA_SUPERVISOR_ADDRESS: address,
      BASEOS_CLOUDLY_URL: await serveSilently('http'),
    });
    expect(found['Supervisor address'].verdict).toBe('fail');
    expect(found.Cloudly.verdict).toBe('fail');
  });

  test('warns if it is too old to report its services', () => {
    const notSupported = { code: 'not-supported' as const, message: 'no', remedy: 'Update the host OS.' };
    const read = { ok: true as const, durationMs: 1, value: undefined };
    const judged = judgeSupervisorVersion({
      address: 'http://127.0.0.1',
      ping: read,
      version: { ...read, value: '9.0.0' },
      device: { ok: false, durationMs: 1, error: notSupported },
      stateStatus: { ok: false, durationMs: 1, error: notSupported },
      apps: { ...read, value: [] },
    });
    expect(judged).toMatchObject({ verdict: 'warn', remedy: 'Update the host OS.', facts: { version: '9.0.0' } });
  });

  test('fails if something else answers', async () => {
    const supervisor = createSupervisor();
    supervisor.setFault('html');
    const found = await findings(await supervisorOf(supervisor));
    expect(found['Supervisor address'].verdict).toBe('fail');
  });
});

describe('the update lock', () => {
  test('is reported with the time since which it is held', async () => {
    const path = join(folder, 'updates.lock');
    expect((await findings({ BALENA_APP_LOCK_PATH: path }))['update lock'].verdict).toBe('pass');
    writeFileSync(path, '');
    expect((await findings({ BALENA_APP_LOCK_PATH: path }))['update lock']).toMatchObject({
      verdict: 'warn',
      message: expect.stringContaining(path),
    });
    expect((await findings({ BALENA_APP_LOCK_PATH: join(folder, 'nowhere', 'lock') }))['update lock'].verdict).toBe(
      'skip',
    );
  });
});

describe('the agent', () => {
  test.each([
    ['does not run', { published: { kind: 'none' as const }, isHeld: false }, /not running/],
    [
      'holds the directory and publishes nothing',
      { published: { kind: 'none' as const }, isHeld: true },
      /uses \/data/,
    ],
    [
      'is not visible to this user',
      { published: { kind: 'unreadable' as const, path: '/run/x' }, isHeld: false },
      /may not read/,
    ],
  ])('that %s causes a warning', (_what, found, words) => {
    expect(judgeAgent(found, '/data')).toMatchObject({ verdict: 'warn', message: expect.stringMatching(words) });
  });
});

test('a clock before the program’s build time fails, whatever Cloudly says', () => {
  const nowMs = Date.parse('1970-01-02T00:00:00Z');
  const judged = judgeClock({ nowMs, builtMs: Date.parse('2026-11-27'), skewMs: 0 });
  expect(judged).toMatchObject({ verdict: 'fail', remedy: expect.stringContaining('NTP') });
  expect(judgeClock({ nowMs, builtMs: undefined, skewMs: undefined }).verdict).toBe('pass');
});

test('the table has one line per check, and text from others cannot forge one', () => {
  const checks: Finding[] = [
    { check: 'TLS', verdict: 'fail', message: 'broken\nFAIL  forged', remedy: 'mend it' },
    { check: 'agent', verdict: 'pass', message: 'runs' },
  ];
  expect(renderReport({ ok: false, durationMs: 1, checks }).split('\n')).toEqual([
    'FAIL  TLS                 broken\\nFAIL  forged',
    '                          -> mend it',
    'pass  agent               runs',
    '',
    '1 check failed: 0 warnings, 1 passed, 0 skipped.',
    '',
  ]);
});
