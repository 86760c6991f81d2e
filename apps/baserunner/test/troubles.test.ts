import { describe, expect, test } from 'vitest';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import type { Program } from '@serve.zone/baseos-testing/processes/program';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

/** Why Cloudly rejects a join token, and how to create one that it rejects for that reason. */
const badTokens: Record<string, () => Promise<string | undefined>> = {
  'join-token-unknown': async () => 'bjt_of-another-cloudly',
  'join-token-expired': async () => {
    const token = await rig.createJoinToken({ expiresInMs: 60_000 });
    rig.advanceCloudly(60_001);
    return token;
  },
  'join-token-used': async () => {
    const token = await rig.createJoinToken();
    const { CloudlyConnector } = await import('@serve.zone/baseos-cloudly-connector');
    const { default: example } = await import('@serve.zone/baseos-contracts/examples/register-request.json');
    const { kind } = await new CloudlyConnector({ cloudlyUrl: rig.cloudlyUrl }).register(example as never, {
      joinToken: token,
    });
    expect(kind).toBe('accepted');
    return token;
  },
  'join-token-missing': async () => undefined,
};

describe('a join token that Cloudly refuses', () => {
  test.each(Object.keys(badTokens))(
    '(%s) is reported in the log and by status, and the agent keeps running',
    async (code) => {
      const env = rig.env({ BASEOS_JOIN_TOKEN: await badTokens[code]?.() });
      const agent = rig.start(env);
      await agent.logged(new RegExp(`warn .*join token.*code=${code}`));
      const { agent: running, cloudly } = await rig.statusThat(
        env,
        (status) => status.agent.running && status.cloudly.problem?.code === code,
      );
      expect(running.running).toBe(true);
      expect(cloudly).toMatchObject({ state: 'unregistered', problem: { code } });
      expect(cloudly.problem?.remedy).toMatch(/join token/i);
      await expectLiving(agent);
    },
  );

  test('is replaced by a good one without losing the identity', async () => {
    const refused = rig.start(rig.env({ BASEOS_JOIN_TOKEN: 'bjt_wrong' }));
    await refused.logged(/code=join-token-unknown/);
    const { nodeId } = (await rig.statusThat(rig.env(), ({ cloudly }) => cloudly.nodeId !== undefined)).cloudly;
    await refused.end();
    rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
  });
});

describe('a Cloudly that is down at start', () => {
  test('is reported in the log and by status, and the device enrols once it is back', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    await rig.stopCloudly();
    const agent = rig.start(env);
    await agent.logged(/warn .*cannot be reached.*code=unreachable/);
    const { cloudly } = await rig.statusThat(env, (status) => status.cloudly.connectivity !== 'unknown');
    expect(cloudly).toMatchObject({
      state: 'unregistered',
      connectivity: 'unreachable',
      problem: { code: 'unreachable' },
    });
    await rig.startCloudly();
    await rig.event('heartbeat-received');
    await agent.logged(/answers again/);
    await expectLiving(agent);
  });
});

describe('a Supervisor', () => {
  test.each([
    [
      'is not configured',
      'not-configured',
      () => ({ BALENA_SUPERVISOR_ADDRESS: undefined, BALENA_SUPERVISOR_API_KEY: undefined }),
    ],
    ['gets a wrong key', 'unauthorized', () => ({ BALENA_SUPERVISOR_API_KEY: 'wrong' })],
    ['is not there', 'unreachable', absentSupervisor],
  ] as const)('that %s is reported in the log, by status and to Cloudly', async (_what, state, changes) => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken(), ...(await changes()) });
    const agent = rig.start(env);
    const { status } = await rig.event('heartbeat-received', (event) => event.status !== undefined);
    expect(status?.supervisor).toMatchObject({ state, reason: expect.any(String) as string });
    await agent.logged(/(warn|info) .*Supervisor/);
    const { supervisor } = await rig.statusThat(env, (published) => published.agent.running);
    expect(supervisor).toMatchObject({ state, reason: expect.any(String) as string });
    await expectLiving(agent);
  });
});

async function absentSupervisor() {
  const { address, close } = await createSupervisor().listen();
  await close();
  return { BALENA_SUPERVISOR_ADDRESS: address };
}

async function expectLiving(agent: Program): Promise<void> {
  expect(agent.isRunning).toBe(true);
  expect(await agent.end()).toEqual({ code: 0, signal: null });
}
