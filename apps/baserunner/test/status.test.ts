import { mkdir, readdir, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

describe('baserunner status', () => {
  test('reports on a device that was never enrolled, registers nothing and writes nothing', async () => {
    await rm(rig.stateDirectory, { recursive: true });
    const report = await rig.status(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    expect(report).toMatchObject({
      agent: { running: false },
      runtime: { agent: { name: 'baserunner', version: manifest.version } },
      supervisor: { state: 'available', version: '19.0.5' },
      cloudly: { state: 'unregistered' },
    });
    expect(rig.events.entries).toEqual([]);
    expect(await readdir(rig.folder)).toEqual(['cloudly']);
  });

  test('gives the source of each value, and nothing else of a secret', async () => {
    const { configuration } = await rig.status(
      rig.env({ BASEOS_JOIN_TOKEN: 'canary-token', BASEOS_HEARTBEAT_INTERVAL_MS: undefined }),
    );
    expect(configuration).toMatchObject({
      BASEOS_CLOUDLY_URL: { source: 'environment' },
      BASEOS_JOIN_TOKEN: { source: 'environment' },
      BASEOS_HEARTBEAT_INTERVAL_MS: { value: 60_000, source: 'default' },
      BASEOS_NODE_TOKEN: { source: 'unset' },
      BASEOS_STATE_PATH: { value: rig.statePath, source: 'environment' },
    });
    expect(JSON.stringify(configuration)).not.toContain('canary-token');
  });

  test('reports on the running agent, and on the device after it has stopped', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    const agent = rig.start(env);
    const { nodeId } = await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    expect(await rig.statusThat(env, (status) => status.agent.running)).toMatchObject({
      agent: { running: true, version: manifest.version },
      cloudly: { state: 'registered', connectivity: 'connected', nodeId },
    });
    await agent.end();
    expect(await rig.status(env)).toMatchObject({
      agent: { running: false },
      cloudly: { state: 'registered', nodeId },
    });
  });

  test('shows nothing about a killed agent as if it still ran', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    const agent = rig.start(env);
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    await rig.statusThat(env, (status) => status.agent.running);
    await agent.end('SIGKILL');
    const { runtime, cloudly, agent: killed, notices } = await rig.status({ ...env, BASEOS_JOIN_TOKEN: '' });
    expect({ killed, notices }).toMatchObject({ killed: { running: false }, notices: [] });
    expect(cloudly).toMatchObject({ state: 'registered', connectivity: 'unknown' });
    expect(cloudly).not.toHaveProperty('next');
    expect(runtime).not.toHaveProperty('vitals');
  });

  test('advises removing a join token that is no longer needed', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    expect((await rig.status(env)).notices).toEqual([]);
    const agent = rig.start(env);
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    const { stdout, stderr } = await rig.run(['status'], env);
    const { notices } = JSON.parse(stdout) as { notices: { code: string; message: string; remedy: string }[] };
    expect(notices).toMatchObject([{ code: 'join-token-needless' }]);
    expect(stderr).toBe(`baserunner: ${notices[0]?.message} ${notices[0]?.remedy}\n`);
    await agent.end();
    expect((await rig.status(rig.env())).notices).toEqual([]);
  });

  test('says the same to people and programs, in a dozen lines without colours, and nothing on stderr', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    const agent = rig.start(env);
    const { nodeId } = await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    await rig.statusThat(env, ({ cloudly }) => cloudly.connectivity === 'connected');
    const { exitCode, stdout, stderr } = await rig.run(['status', '--human'], env);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`\nNode           registered, ${nodeId}\n`);
    expect(stdout).toContain(`\nAgent          running for `);
    expect(stdout).toContain(`, process ${agent.pid}, version ${manifest.version}, `);
    expect(stdout).toMatch(/^Notice {9}.*BASEOS_JOIN_TOKEN/m);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n').length).toBeLessThanOrEqual(13);
    await agent.end();
  });

  test('works beside a state directory that it cannot read', async () => {
    await rm(rig.stateDirectory, { recursive: true });
    await mkdir(rig.statePath, { recursive: true });
    const { notices, cloudly } = await rig.status(rig.env());
    expect(notices).toMatchObject([{ message: expect.stringContaining(rig.statePath) }]);
    expect(cloudly.state).toBe('unknown');
  });
});
