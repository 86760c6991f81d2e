import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { snapshotFolder } from './folder-snapshot.js';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

interface Report {
  ok: boolean;
  durationMs: number;
  checks: { check: string; verdict: string; message: string }[];
}

async function doctor(env: Record<string, string>): Promise<{ exitCode: number | null; report: Report }> {
  const { exitCode, stdout, stderr } = await rig.run(['doctor', '--json'], env);
  expect(stderr).toBe('');
  return { exitCode, report: JSON.parse(stdout) as Report };
}

function verdictOf({ checks }: Report, name: string): string | undefined {
  return checks.find(({ check }) => check === name)?.verdict;
}

/** Every row of every table of the stand-alone Cloudly. */
function cloudlyRows(): unknown {
  const database = new DatabaseSync(join(rig.folder, 'cloudly', 'fleet.sqlite'), { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    return tables.map(({ name }) => [name, database.prepare(`SELECT * FROM "${String(name)}"`).all()]);
  } finally {
    database.close();
  }
}

describe('baserunner doctor', () => {
  test('passes on an enrolled device, and changes nothing on it or at Cloudly', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    const first = rig.start(env);
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    await first.end();
    const before = { state: snapshotFolder(rig.stateDirectory), cloudly: cloudlyRows() };

    const { exitCode, report } = await doctor(env);
    expect(report.checks.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect({ exitCode, ok: report.ok }).toEqual({ exitCode: 0, ok: true });
    // Where the temporary folder of this machine is in memory, doctor says so.
    const isFleeting = /is in (?:memory|layers)/.test(JSON.stringify(report));
    expect(verdictOf(report, 'state directory')).toBe(isFleeting ? 'warn' : 'pass');
    for (const check of ['state file', 'clock', 'connection', 'Cloudly', 'Supervisor apps']) {
      expect([check, verdictOf(report, check)]).toEqual([check, 'pass']);
    }
    expect(verdictOf(report, 'join token')).toBe(isFleeting ? 'pass' : 'warn');
    expect({ state: snapshotFolder(rig.stateDirectory), cloudly: cloudlyRows() }).toEqual(before);
  });

  test('asks whether Cloudly is there without anything that Cloudly judges, warns of, or counts', async () => {
    const requests = () => rig.eventsOf('request-refused').map(({ code, status }) => `${status} ${code}`);
    for (let run = 0; run < 3; run += 1) expect(verdictOf((await doctor(rig.env())).report, 'Cloudly')).toBe('pass');
    expect(requests()).toEqual(['405 method-not-allowed', '405 method-not-allowed', '405 method-not-allowed']);
  });

  test('shows the approval code of a waiting node while its agent runs and afterwards', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken({ requiresApproval: true }) });
    const agent = rig.start(env);
    const { approvalCode } = await rig.event('node-pending');
    await rig.statusThat(env, ({ cloudly }) => cloudly.state === 'pending');
    const joinToken = ({ checks }: Report) => checks.find(({ check }) => check === 'join token');
    const asked = {
      verdict: 'warn',
      message: expect.stringContaining(`Approval code: ${approvalCode}.`) as string,
      remedy: expect.stringContaining('approve it there') as string,
    };
    const running = (await doctor(env)).report;
    expect(joinToken(running)).toMatchObject(asked);
    expect(running.checks.find(({ check }) => check === 'agent')?.message).toContain(approvalCode);
    expect((await rig.status(env)).cloudly).toMatchObject({ approvalCode });

    await agent.end();
    const { BASEOS_JOIN_TOKEN: _taken, ...without } = env;
    for (const left of [env, without]) {
      expect(joinToken((await doctor(left)).report)).toMatchObject(asked);
      expect((await rig.status(left)).cloudly).toMatchObject({
        state: 'unregistered',
        approvalCode,
        problem: { code: 'pending-approval' },
      });
    }
  });

  test.each<[what: string, slip: (token: string) => string, words: string]>([
    ['in quotation marks', (token) => `"${token}"`, 'is in quotation marks'],
    ['with a Windows line end', (token) => `${token}\r`, 'ends with a carriage return'],
    ['with its name before it', (token) => `BASEOS_JOIN_TOKEN=${token}`, 'repeats the name of the variable'],
    ['cut off', (token) => token.slice(0, 40), 'is too short'],
    ['of the other kind', (token) => token.replace('bjt_', 'bnt_'), 'is a node token'],
  ])('agrees with status about a join token that is %s', async (_what, slip, words) => {
    const token = await rig.createJoinToken();
    const env = rig.env({ BASEOS_JOIN_TOKEN: slip(token) });
    const [doctors, status] = await Promise.all([rig.run(['doctor'], env), rig.run(['status'], env)]);
    expect(doctors.exitCode).toBe(1);
    for (const said of [doctors.stdout, status.stderr]) expect(said).toContain(`BASEOS_JOIN_TOKEN ${words}`);
    for (const said of [doctors.stdout, status.stdout]) expect(said).not.toContain('no join token');
    expect(doctors.stdout + status.stdout + status.stderr).not.toContain(token.slice(20, 40));
  });

  test('agrees with status and log about a clock that is years off', async () => {
    rig.advanceCloudly(3 * 365.25 * 86_400_000);
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    const agent = rig.start(env);
    await agent.logged(/warn.*The device's clock is 3 years behind Cloudly's/);
    const { notices } = await rig.statusThat(env, ({ cloudly }) => cloudly.connectivity === 'connected');
    expect(notices).toContainEqual(
      expect.objectContaining({ code: 'clock-wrong', message: expect.stringContaining('3 years behind') }),
    );
    const { report } = await doctor(env);
    expect(report.checks.find(({ check }) => check === 'clock')).toMatchObject({
      verdict: 'fail',
      message: expect.stringContaining('3 years behind') as string,
    });
  });

  test('creates nothing where nothing was', async () => {
    await rm(rig.stateDirectory, { recursive: true });
    const before = snapshotFolder(rig.folder);
    const { report } = await doctor(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    expect(verdictOf(report, 'join token')).toBe('pass');
    const { cloudly: _before, ...mine } = before;
    const { cloudly: _after, ...after } = snapshotFolder(rig.folder);
    expect(after).toEqual(mine);
    expect(rig.eventsOf('node-registered')).toEqual([]);
  });

  test('is safe beside a running agent, and says which one runs', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    const agent = rig.start(env);
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    await rig.statusThat(env, ({ cloudly }) => cloudly.connectivity === 'connected');
    const before = snapshotFolder(rig.stateDirectory);
    const { report } = await doctor(env);
    expect(report.checks.find(({ check }) => check === 'agent')).toMatchObject({
      verdict: 'pass',
      message: expect.stringContaining(`process ${agent.pid}`) as string,
    });
    expect(snapshotFolder(rig.stateDirectory)).toEqual(before);
    const { bootId } = await rig.nextHeartbeat();
    expect(new Set(rig.eventsOf('heartbeat-received').map((event) => event.bootId))).toEqual(new Set([bootId]));
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
  });

  test('repeats the problems that the running agent reports', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: 'not-from-here' });
    rig.start(env);
    await rig.statusThat(env, ({ cloudly }) => cloudly.problem?.code === 'join-token-unknown');
    const { exitCode, report } = await doctor(env);
    expect(exitCode).toBe(1);
    expect(verdictOf(report, 'agent')).toBe('fail');
  });

  test('prints a table for people, and ends with 1 if a check fails', async () => {
    await rig.stopCloudly();
    const { exitCode, stdout } = await rig.run(['doctor'], rig.env());
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}connection {10}.*ECONNREFUSED/m);
    expect(stdout).toMatch(/^ +-> .*BASEOS_CLOUDLY_URL/m);
    expect(stdout).toMatch(/^\d checks? failed: /m);
  });
});
