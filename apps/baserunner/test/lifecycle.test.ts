import { createServer } from 'node:net';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { describe, expect, test } from 'vitest';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

describe('a device with a join token', () => {
  test('enrols, and Cloudly gets its heartbeats', async () => {
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    const { nodeId } = await rig.event('node-registered', ({ created }) => created);
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 3);
    expect(new Set(rig.eventsOf('heartbeat-received').map((event) => event.nodeId))).toEqual(new Set([nodeId]));
    expect(agent.stdout).toBe('');
    expect(await agent.end()).toEqual({ code: 0, signal: null });
  });

  test('reports the Supervisor of the device', async () => {
    rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    const { status } = await rig.event('heartbeat-received', (event) => event.status !== undefined);
    expect(status?.supervisor).toMatchObject({ state: 'available', version: '19.0.5' });
  });

  test('is the same node after kill -9, without a second registration', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    const killed = rig.start(env);
    const before = await rig.event('heartbeat-received');
    expect(await killed.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });

    rig.start(env);
    const after = await rig.nextHeartbeat();
    expect(after.nodeId).toBe(before.nodeId);
    expect(after.bootId).not.toBe(before.bootId);
    expect(rig.eventsOf('node-registered')).toHaveLength(1);
    expect(rig.eventsOf('request-refused')).toEqual([]);
  });

  test('no longer needs the join token once it is enrolled', async () => {
    const first = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    const { nodeId } = await rig.event('heartbeat-received');
    await first.end();
    rig.start(rig.env());
    expect((await rig.nextHeartbeat()).nodeId).toBe(nodeId);
  });
});

describe('the agent', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)('ends on %s with 0', async (signal) => {
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    await rig.event('heartbeat-received');
    expect(await agent.end(signal)).toEqual({ code: 0, signal: null });
  });

  test.each([1, 2])('ends with 0 even if Cloudly holds its request, after %i x SIGTERM', async (times) => {
    const { url, asked, close } = await listenSilently();
    const agent = rig.start(rig.env({ BASEOS_CLOUDLY_URL: url, BASEOS_JOIN_TOKEN: 'join' }));
    await asked;
    for (let count = 0; count < times; count += 1) agent.signal('SIGTERM');
    expect(await agent.exited).toEqual({ code: 0, signal: null });
    expect(agent.stderr).not.toMatch(/ (warn|error) .*Cloudly/);
    await close();
  });

  test('waits while another one holds the state directory, and ends with 0 while it waits', async () => {
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    const first = rig.start(env);
    const { nodeId } = await rig.event('heartbeat-received');
    const second = rig.start(env);
    await second.logged(/another agent/i);
    expect(await second.end()).toEqual({ code: 0, signal: null });

    const third = rig.start(env);
    await third.logged(/another agent/i);
    await first.end('SIGKILL');
    const { bootId } = rig.eventsOf('heartbeat-received')[0] ?? {};
    const taken = await rig.event('heartbeat-received', (event) => event.bootId !== bootId);
    expect(taken.nodeId).toBe(nodeId);
  });

  test('continues when nobody reads its log any longer', async () => {
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() }));
    const { sequence } = await rig.event('heartbeat-received');
    agent.closeStderr();
    await rig.event('heartbeat-received', (event) => event.sequence === sequence + 2);
    expect(await agent.end()).toEqual({ code: 0, signal: null });
  });

  test('ends with 1 on a defect, and reports the source location, without secrets', async () => {
    const joinToken = await rig.createJoinToken();
    const fault = `setTimeout(() => { throw new Error('broken by ' + process.env.BASEOS_JOIN_TOKEN); }, 100)`;
    const agent = rig.start(rig.env({ BASEOS_JOIN_TOKEN: joinToken }), [
      '--import',
      `data:text/javascript,${encodeURIComponent(fault)}`,
    ]);
    expect(await agent.exited).toEqual({ code: 1, signal: null });
    expect(agent.stderr).toMatch(/error Unexpected error: Error: broken by \[redacted\] .*stack=\["at /);
    expect(agent.stderr).not.toContain(joinToken);
  });

  test('runs without a Cloudly, and says so', async () => {
    const env = rig.env({ BASEOS_CLOUDLY_URL: undefined });
    const agent = rig.start(env);
    await agent.logged(/BASEOS_CLOUDLY_URL/);
    expect(await rig.statusThat(env, (status) => status.agent.running)).toMatchObject({
      supervisor: { state: 'available' },
      cloudly: { state: 'not-configured', connectivity: 'unknown' },
    });
    expect(await agent.end()).toEqual({ code: 0, signal: null });
  });

  test('has not loaded undici when it sends heartbeats', async () => {
    const probe = new URL('print-loaded-modules.mjs', import.meta.url).pathname;
    const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    const agent = rig.start(env, ['--import', probe]);
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 2);
    await agent.end();
    expect(agent.stderr).toMatch(/loaded: .*NativeModule _http_client/);
    expect(agent.stderr).not.toMatch(/loaded: .*undici/);
  });
});

/** Takes connections and never answers. */
async function listenSilently() {
  const server = createServer();
  const asked = new Promise((resolve) => {
    server.on('connection', (socket) => void socket.once('data', resolve));
  });
  const { port, close } = await listenOnLoopback(server);
  return { url: `http://127.0.0.1:${port}`, asked, close };
}
