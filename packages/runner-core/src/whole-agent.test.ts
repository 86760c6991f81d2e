import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { approveNode, createJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listenAsCloudly, type RealCloudly } from '../test/real-cloudly.js';
import { recordingLogger } from '../test/simulation.js';
import { BaseRunner } from './base-runner.js';
import { reportStatus } from './reports/report-status.js';

/** What the tests bring up, newest first. */
const closing: (() => Promise<unknown>)[] = [];
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'baseos-agent-'));
});

afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing.length = 0;
  await rm(directory, { recursive: true, force: true });
});

async function cloudlyWith(options?: Parameters<typeof listenAsCloudly>[0]): Promise<RealCloudly> {
  const cloudly = await listenAsCloudly(options);
  closing.push(async () => cloudly.close());
  return cloudly;
}

async function supervisorOnSocket() {
  const supervisor = createSupervisor();
  const { address, close } = await supervisor.listen();
  closing.push(close);
  return { supervisor, address };
}

function environment(more: Record<string, string>): Record<string, string> {
  return {
    BASEOS_STATE_PATH: join(directory, 'state', 'state.json'),
    BASEOS_RUN_PATH: join(directory, 'run'),
    BASEOS_HEARTBEAT_INTERVAL_MS: '1000',
    BASEOS_START_SPREAD_MS: '0',
    ...more,
  };
}

async function startAgent(env: Record<string, string>) {
  const { logger, lines } = recordingLogger();
  const runner = BaseRunner.fromEnv(env, { version: '1.2.3', logger });
  closing.push(async () => runner.stop());
  await runner.start();
  const told = () => lines.map(({ message }) => message).join('\n');
  return { runner, told };
}

async function everyFile(): Promise<Record<string, string>> {
  const names = await readdir(join(directory, 'state'), { recursive: true, withFileTypes: true }).catch(() => []);
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => [path, await readFile(path, 'utf8')] as const)),
  );
}

async function until(check: () => unknown): Promise<void> {
  await expect.poll(check, { timeout: 60_000, interval: 20 }).toBeTruthy();
}

describe('an agent, a Cloudly and a Supervisor on sockets', () => {
  test('enrols, reports its Supervisor’s state, and is the same node after a restart', async () => {
    const cloudly = await cloudlyWith();
    const { joinToken } = await createJoinToken(cloudly.store);
    const { supervisor, address } = await supervisorOnSocket();
    const env = environment({
      BASEOS_CLOUDLY_URL: cloudly.url,
      BASEOS_JOIN_TOKEN: joinToken,
      BALENA_SUPERVISOR_ADDRESS: address,
      BALENA_SUPERVISOR_API_KEY: supervisor.apiKey,
    });

    const first = await startAgent(env);
    await until(() => first.runner.status().cloudly.heartbeatsAcknowledged === 2);
    const enrolled = await everyFile();
    await until(() => first.runner.status().cloudly.heartbeatsAcknowledged === 3);
    expect(await everyFile()).toEqual(enrolled);
    expect(first.runner.status()).toMatchObject({
      supervisor: { state: 'available', version: '19.0.5', appState: 'applied' },
      cloudly: { state: 'registered', connectivity: 'connected', cloudlyId: await cloudly.store.cloudlyId() },
    });
    await first.runner.stop();

    const second = await startAgent(env);
    await until(() => second.runner.status().cloudly.heartbeatsAcknowledged === 1);
    expect(second.runner.status().cloudly.nodeId).toBe(first.runner.status().cloudly.nodeId);
    expect(cloudly.events.filter(({ kind }) => kind === 'node-registered')).toHaveLength(1);
    expect(cloudly.exchanges.length).toBeGreaterThanOrEqual(5);
    expect(`${first.told()}${second.told()}${JSON.stringify(second.runner.status())}`).not.toContain(joinToken);
  });

  test('survives a rotation of its token', async () => {
    const cloudly = await cloudlyWith({ rotateNodeTokenAfterMs: 1 });
    const { joinToken } = await createJoinToken(cloudly.store);
    const { runner } = await startAgent(environment({ BASEOS_CLOUDLY_URL: cloudly.url, BASEOS_JOIN_TOKEN: joinToken }));
    await until(() => runner.status().cloudly.heartbeatsAcknowledged === 3);
    expect(cloudly.events.filter(({ kind }) => kind === 'node-token-activated').length).toBeGreaterThanOrEqual(2);
    expect(cloudly.events.filter(({ kind }) => kind === 'request-refused')).toEqual([]);
    expect(runner.status().cloudly.failedHeartbeats).toBe(0);
  });

  test('waits for its approval under the code that Cloudly shows', async () => {
    const cloudly = await cloudlyWith({ pendingRetryAfterMs: 1000 });
    const { joinToken } = await createJoinToken(cloudly.store, { requiresApproval: true });
    const { runner, told } = await startAgent(
      environment({ BASEOS_CLOUDLY_URL: cloudly.url, BASEOS_JOIN_TOKEN: joinToken }),
    );
    await until(() => runner.status().cloudly.state === 'pending');
    const { approvalCode, nodeId = '' } = runner.status().cloudly;
    expect(cloudly.events).toContainEqual(expect.objectContaining({ kind: 'node-pending', approvalCode }));
    expect(told()).toContain(`Approval code: ${approvalCode}`);
    await approveNode(cloudly.store, nodeId);
    await until(() => runner.status().cloudly.heartbeatsAcknowledged === 1);
  });

  test('reports problems with join token and Supervisor key in log and status, and continues', async () => {
    const cloudly = await cloudlyWith();
    const { address } = await supervisorOnSocket();
    const { runner, told } = await startAgent(
      environment({
        BASEOS_CLOUDLY_URL: cloudly.url,
        BASEOS_JOIN_TOKEN: 'never-issued',
        BALENA_SUPERVISOR_ADDRESS: address,
        BALENA_SUPERVISOR_API_KEY: 'wrong',
      }),
    );
    await until(() => runner.status().cloudly.connectivity === 'rejected');
    expect(runner.status()).toMatchObject({
      supervisor: { state: 'unauthorized' },
      cloudly: { state: 'unregistered', problem: { code: 'join-token-unknown' } },
    });
    expect(told()).toContain('Cloudly does not recognise this join token');
    expect(told()).toContain('The Supervisor rejected BALENA_SUPERVISOR_API_KEY.');
    expect(told()).not.toContain('never-issued');
  });
});

describe('the report from outside', () => {
  test('describes the state without an agent, and changes nothing', async () => {
    const cloudly = await cloudlyWith();
    const report = await reportStatus(
      environment({ BASEOS_CLOUDLY_URL: cloudly.url, BASEOS_JOIN_TOKEN: 'secret-token' }),
    );
    expect(report).toMatchObject({
      agent: { running: false },
      supervisor: { state: 'not-configured' },
      cloudly: { state: 'unregistered', connectivity: 'unknown', url: `${cloudly.url}/` },
      configuration: {
        BASEOS_CLOUDLY_URL: { value: `${cloudly.url}/`, source: 'environment' },
        BASEOS_JOIN_TOKEN: { value: '[redacted]', source: 'environment' },
        BASEOS_LOG_LEVEL: { value: 'info', source: 'default' },
      },
    });
    expect(report.notices).toEqual([]);
    expect(JSON.stringify(report)).not.toContain('secret-token');
    expect(await readdir(directory)).toEqual([]);
    expect(cloudly.events).toEqual([]);
  });

  test('shows what the running agent knows, and what is stored after it has ended', async () => {
    const cloudly = await cloudlyWith();
    const { joinToken } = await createJoinToken(cloudly.store);
    const env = environment({ BASEOS_CLOUDLY_URL: cloudly.url, BASEOS_JOIN_TOKEN: joinToken });
    const { runner } = await startAgent(env);
    await until(() => runner.status().cloudly.heartbeatsAcknowledged === 1);
    await until(async () => (await reportStatus(env)).cloudly.connectivity === 'connected');
    const { nodeId } = runner.status().cloudly;
    const beside = await reportStatus(env);
    expect(beside).toMatchObject({
      agent: { running: true, pid: process.pid, version: '1.2.3' },
      cloudly: { state: 'registered', nodeId },
      configuration: { BASEOS_NODE_ID: { value: nodeId, source: 'state-file' } },
      notices: [
        {
          code: 'join-token-needless',
          message: 'This node is enrolled. BASEOS_JOIN_TOKEN is no longer needed.',
          remedy: 'Remove it so that it cannot be stolen from this device.',
        },
      ],
    });
    const withoutToken = { ...env, BASEOS_JOIN_TOKEN: '' };
    expect((await reportStatus(withoutToken)).notices).toEqual([]);
    expect(beside.runtime.vitals?.agentUptimeMs).toBeGreaterThanOrEqual(0);

    await runner.stop();
    const before = await everyFile();
    expect(await reportStatus(env)).toMatchObject({
      agent: { running: false },
      cloudly: { state: 'registered', connectivity: 'unknown', nodeId },
    });
    expect(await everyFile()).toEqual(before);
    expect(cloudly.events.filter(({ kind }) => kind === 'node-registered')).toHaveLength(1);
  });

  test('says that an agent with an invisible status holds the directory', async () => {
    const env = environment({});
    const { runner } = await startAgent(env);
    await until(async () => (await reportStatus(env)).agent.running);
    expect((await reportStatus(env)).notices).toEqual([]);
    const elsewhere = { ...env, BASEOS_RUN_PATH: join(directory, 'elsewhere') };
    const held = {
      code: 'status-elsewhere',
      message: expect.stringContaining(`An agent uses ${join(directory, 'state')}`),
      remedy: expect.any(String),
    };
    const { agent, notices } = await reportStatus(elsewhere);
    expect({ agent, notices }).toEqual({ agent: {}, notices: [held] });
    await runner.stop();
    expect((await reportStatus(elsewhere)).notices).toEqual([]);
  });

  test.runIf(process.geteuid?.() === 0)(
    'says what another user may not read, and claims no more than it knows',
    async () => {
      const cloudly = await cloudlyWith();
      const { joinToken } = await createJoinToken(cloudly.store);
      const env = environment({ BASEOS_CLOUDLY_URL: cloudly.url, BASEOS_JOIN_TOKEN: joinToken });
      const { runner } = await startAgent(env);
      await until(async () => (await reportStatus(env)).cloudly.connectivity === 'connected');
      await chmod(directory, 0o755);
      process.seteuid?.(65_534);
      const report = await reportStatus(env).finally(() => process.seteuid?.(0));
      expect(report).toMatchObject({ cloudly: { state: 'unknown', connectivity: 'unknown' } });
      expect(report.agent).toEqual({});
      expect(report.notices).toEqual([
        {
          code: 'state-denied',
          message: expect.stringMatching(/state belongs to user 0, not to user 65534\./),
          remedy: 'Run this command as user 0.',
        },
      ]);
      await runner.stop();
    },
  );

  test('names every configuration error and reports the rest', async () => {
    const report = await reportStatus({ BASEOS_CLOUDLY_URL: 'nowhere', BASEOS_HEARTBEAT_INTERVAL_MS: 'abc' });
    expect(report.mistakes.map(({ variable }) => variable).toSorted()).toEqual([
      'BASEOS_CLOUDLY_URL',
      'BASEOS_HEARTBEAT_INTERVAL_MS',
    ]);
    expect(report.runtime.host.platform).toBe(process.platform);
  });

  test('is not given if the path to examine is invalid', async () => {
    await expect(reportStatus({ BASEOS_STATE_PATH: '/data/baseos/' })).rejects.toMatchObject({
      code: 'invalid-configuration',
      mistakes: [{ variable: 'BASEOS_STATE_PATH' }],
    });
  });
});
