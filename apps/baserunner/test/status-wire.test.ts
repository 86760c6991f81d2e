import { endpoints } from '@serve.zone/baseos-contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRecordingRelay, type RecordedRequest, type RecordingRelay } from './recording-relay.js';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

let relay: RecordingRelay;
beforeEach(async () => {
  relay = await openRecordingRelay(() => rig.cloudlyUrl);
});
afterEach(() => relay.close());

interface Wire {
  from: string;
  call: string;
  request?: { method: string; url: string; headers: Record<string, string>; body: Record<string, unknown> };
  notices: { code: string; message: string }[];
}

async function wire(env: Record<string, string>): Promise<Wire> {
  const { exitCode, stdout } = await rig.run(['status', '--wire'], env);
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Wire;
}

async function deviceEnv(changes = {}): Promise<Record<string, string>> {
  return rig.env({ BASEOS_CLOUDLY_URL: relay.url, BASEOS_JOIN_TOKEN: await rig.createJoinToken(), ...changes });
}

function bodyOf({ body }: RecordedRequest): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
}

function headersOf({ rawHeaders }: RecordedRequest): Record<string, string> {
  const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : []));
  return Object.fromEntries(pairs) as Record<string, string>;
}

describe('status --wire', () => {
  test('shows the registration of an agent that would start now, and that is what is sent', async () => {
    const device = await deviceEnv();
    const { from, call, request, notices } = await wire(device);
    expect({ from, call, notices }).toEqual({
      from: 'stored-state',
      call: 'register',
      notices: [{ code: 'request-of-no-agent', message: expect.stringContaining('examples') as string }],
    });
    expect(relay.requests).toEqual([]);

    rig.start(device);
    await rig.event('node-registered');
    const [sent] = relay.requests;
    if (!sent || !request) throw new Error('Nothing was shown or sent.');
    expect(request).toMatchObject({ method: sent.method, url: `${relay.url}${sent.path}` });
    const { nodeId, bootId } = bodyOf(sent);
    expect({ ...request.body, nodeId, bootId }).toEqual({ ...bodyOf(sent), registrationKey: '[redacted]' });
    expect(Object.keys(request.body)).toEqual(Object.keys(bodyOf(sent)));
    expect(request.headers['Authorization']).toBe('Bearer [redacted]');
    expect(headersOf(sent)).toMatchObject({ ...request.headers, Authorization: expect.any(String) as string });
  });

  test('shows the running agent’s next heartbeat, as the agent knows it', async () => {
    const device = await deviceEnv();
    rig.start(device);
    await rig.event('heartbeat-received', ({ sequence }) => sequence === 1);
    await rig.statusThat(device, ({ cloudly }) => cloudly.connectivity === 'connected');
    const { from, call, request } = await wire(device);
    expect({ from, call }).toEqual({ from: 'running-agent', call: 'heartbeat' });
    const { vitals, ...shown } = request?.body ?? {};
    expect(vitals).toHaveProperty('agentRssBytes');

    await rig.event('heartbeat-received', ({ sequence }) => sequence === shown['sequence']);
    const heartbeats = relay.requests.filter(({ path }) => path.endsWith(endpoints.heartbeat.path)).map(bodyOf);
    const sent = heartbeats.find(({ sequence }) => sequence === shown['sequence']);
    expect({ ...shown, vitals: expect.anything() as unknown }).toEqual(sent);
    // Cloudly has the status by then.
    expect(shown).not.toHaveProperty('status');
  });

  test('shows the first heartbeat of an enrolled node that is not running', async () => {
    const device = await deviceEnv();
    const agent = rig.start(device);
    const { nodeId } = await rig.event('heartbeat-received');
    await agent.end();
    const { call, request } = await wire(device);
    expect(call).toBe('heartbeat');
    expect(request?.body).toMatchObject({ nodeId, sequence: 1, status: { agent: { name: 'baserunner' } } });
  });

  test('says why there is none', async () => {
    expect(await wire(rig.env({ BASEOS_CLOUDLY_URL: undefined }))).toMatchObject({
      call: 'none',
      notices: [{ code: 'not-configured', message: expect.stringContaining('BASEOS_CLOUDLY_URL') }],
    });
    expect(await wire(await deviceEnv({ BASEOS_JOIN_TOKEN: undefined }))).toMatchObject({
      call: 'none',
      notices: [{ code: 'no-call-due', message: expect.stringContaining('join token') }],
    });
  });
});
