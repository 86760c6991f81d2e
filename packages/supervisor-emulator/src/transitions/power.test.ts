import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { globalKey, json, startCaller } from '../../test/caller.js';
import type { Caller } from '../../test/caller.js';

const appId = 1_234_567;
const hostUpdate = { status: 423, type: json, body: '{"Data":"","Error":"Waiting for Host OS update to finish"}' };
const accepted = { status: 202, type: json, body: '{"Data":"OK","Error":null}' };
let caller: Caller;

beforeEach(() => {
  caller = startCaller({ apps: [{ appId }] });
});

describe.each(['reboot', 'shutdown'] as const)('POST /v1/%s', (action) => {
  const line = `POST /v1/${action}`;

  test('is rejected while the host OS is being updated, unless it is forced', async () => {
    caller.supervisor.setHostUpdate(true);
    expect(await caller.call(line, {})).toEqual(hostUpdate);
    expect(caller.supervisor.state.outage).toBeUndefined();
    expect(await caller.call(line, { force: true })).toEqual(accepted);
    expect(caller.supervisor.state.outage).toBe(action);
  });

  test('is rejected by a user lock, and after 10 s by a lock of the Supervisor itself', async () => {
    caller.supervisor.lock();
    const locked = `Lockfile exists for { appId: ${appId}, service: main }`;
    expect(await caller.call(line, {})).toEqual({ ...hostUpdate, body: JSON.stringify({ Data: '', Error: locked }) });
    caller.supervisor.holdLocks();
    const busy = `Locks for app ${appId} are being held by another supervisor operation`;
    expect(await caller.callFor(10_000, line, { force: true })).toEqual({
      ...hostUpdate,
      body: JSON.stringify({ Data: '', Error: busy }),
    });
  });

  test('fails if the engine is stopped', async () => {
    caller.supervisor.setEngine('stopped');
    expect(await caller.call(line, {})).toMatchObject({ status: 500, type: json });
  });
});

test('reports the last app of several reasons, in the order of their IDs as text', async () => {
  const several = startCaller({
    apps: [
      { appId: 10, services: ['a'] },
      { appId: 9, services: ['b'] },
    ],
  });
  several.supervisor.lock({ appId: 10 });
  several.supervisor.lock({ appId: 9 });
  expect((await several.call('POST /v1/reboot', {})).body).toContain('appId: 9, service: b');
});

test('a device that was shut down stays off until it is switched on', async () => {
  const { bootId } = caller.supervisor.state;
  await caller.call('POST /v1/shutdown', {});
  await caller.clock.advance(24 * 60 * 60_000);
  await expect(caller.call('GET /ping')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await caller.supervisor.finishReboot();
  expect((await caller.call('GET /ping')).status).toBe(200);
  expect(caller.supervisor.state.bootId).not.toBe(bootId);
});

test('a boot starts stopped services, and a restart of the Supervisor does not', async () => {
  const statuses = (): unknown => caller.supervisor.state.apps[0]?.containers.map(({ status }) => status);
  caller.supervisor.lock();
  await caller.callFor(200, `POST /v1/apps/${appId}/stop`, { force: true });
  caller.supervisor.restartSupervisor();
  caller.supervisor.lock();
  await caller.clock.advance(1500);
  expect(caller.supervisor.state.outage).toBeUndefined();
  expect(statuses()).toEqual(['exited']);
  expect(caller.supervisor.state.apps[0]?.locks).toEqual(['main']);
  await caller.call('POST /v1/reboot', { force: true });
  await caller.clock.advance(3000);
  expect(statuses()).toEqual(['Running']);
  expect(caller.supervisor.state.apps[0]?.locks).toEqual([]);
});

describe('a restart of the Supervisor', () => {
  test('refuses connections for its duration, and keeps the boot and the containers', async () => {
    const { bootId, apps } = caller.supervisor.state;
    caller.supervisor.restartSupervisor();
    expect(caller.supervisor.state).toMatchObject({ outage: 'restart', rebooting: false });
    await expect(caller.call('GET /ping')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await caller.clock.advance(1500);
    expect((await caller.call('GET /ping')).status).toBe(200);
    expect(caller.supervisor.state).toMatchObject({ bootId, apps: [{ containers: apps[0]?.containers }] });
  });

  test('begins an update again, with the downloaded data', async () => {
    caller.supervisor.lock();
    caller.supervisor.releaseAvailable({ commit: 'new' });
    await caller.call('POST /v1/update', {});
    await caller.clock.advance(10_000);
    caller.supervisor.restartSupervisor();
    await caller.clock.advance(1500);
    expect(caller.supervisor.state.apps[0]?.update?.stage).toBe('preparing');
    expect(await caller.read('/v1/device')).toMatchObject({ update_pending: false, update_failed: false });
    await caller.clock.advance(300);
    expect(caller.supervisor.state.apps[0]?.update?.stage).toBe('blocked');
  });

  test('over sockets, cuts open connections off and returns on the same port', async () => {
    const { address, close } = await caller.supervisor.listen();
    const abort = new AbortController();
    caller.supervisor.setFault('hang');
    const hanging = fetch(`${address}/ping`, { signal: abort.signal });
    await expect.poll(() => caller.supervisor.requests.length).toBe(1);
    caller.supervisor.setFault('none');
    caller.supervisor.restartSupervisor();
    await expect(hanging).rejects.toThrow('fetch failed');
    await expect(fetch(`${address}/ping`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await caller.clock.advance(1500);
    await caller.supervisor.whenUp();
    expect(await (await fetch(`${address}/ping`)).text()).toBe('OK');
    await close();
  });
});

test('a request that waits for a hung engine crashes the Supervisor for good when the engine stops', async () => {
  caller.supervisor.setEngine('hung');
  const held = caller.call('GET /v2/state/status').catch((error: unknown) => error);
  await caller.clock.advance(60_000);
  caller.supervisor.setEngine('stopped');
  expect(await held).toMatchObject({ cause: { code: 'ECONNRESET' } });
  await expect(caller.call('GET /ping')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await caller.clock.advance(1500);
  expect((await caller.call('GET /v1/device')).status).toBe(503);
  await expect(caller.call('GET /v2/state/status')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
});

describe('with the container engine stopped', () => {
  beforeEach(() => caller.supervisor.setEngine('stopped'));

  test.each(['/v2/state/status', '/v2/containerId', '/v2/cleanup-volumes'])(
    'GET %s crashes the Supervisor, which restarts',
    async (path) => {
      await expect(caller.call(`GET ${path}`)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
      await expect(caller.call('GET /ping')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
      await caller.clock.advance(1500);
      expect((await caller.call('GET /ping')).status).toBe(200);
    },
  );

  test.each<[string, unknown, number]>([
    ['GET /v1/device', undefined, 503],
    ['GET /v2/applications/state', undefined, 503],
    [`GET /v2/applications/${appId}/state`, undefined, 500],
    [`GET /v1/apps/${appId}`, undefined, 503],
    ['GET /v1/apps/abc', undefined, 400],
    ['POST /v1/restart', { appId }, 503],
    [`POST /v2/applications/${appId}/stop-service`, { serviceName: 'main' }, 503],
    ['PATCH /v1/device/host-config', { network: { hostname: 'x' } }, 503],
    ['PATCH /v1/device/host-config', { network: {} }, 200],
    ['POST /v1/update', {}, 204],
    ['GET /v1/healthy', undefined, 200],
    ['GET /v2/version', undefined, 200],
  ])('%s is answered with %i', async (line, body, status) => {
    expect((await caller.call(line, body)).status).toBe(status);
  });
});

test('with the container engine hung, no request that needs it is answered until it resumes', async () => {
  caller.supervisor.setEngine('hung');
  const hanging = ['GET /v1/device', 'GET /v2/state/status', 'GET /v2/applications/state'].map((line) =>
    caller.call(line),
  );
  let answered = 0;
  hanging.forEach((answer) => void answer.then(() => (answered += 1)));
  await caller.clock.advance(60_000);
  expect(answered).toBe(0);
  for (const line of ['GET /ping', 'GET /v1/healthy', 'GET /v2/version'])
    expect((await caller.call(line)).status).toBe(200);
  caller.supervisor.setEngine('running');
  expect((await Promise.all(hanging)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(() => caller.supervisor.setEngine('broken' as 'hung')).toThrow('setEngine: the engine must be one of');
});

test('a device blinks for 15 s', async () => {
  expect(await caller.call('POST /v1/blink')).toMatchObject({ status: 200, body: 'OK' });
  expect(caller.supervisor.state.blinking).toBe(true);
  await caller.clock.advance(15_000);
  expect(caller.supervisor.state.blinking).toBe(false);
});

describe('behind a relay', () => {
  let address: string;
  let close: () => Promise<void>;

  beforeEach(async () => {
    caller = startCaller({ apps: [{ appId, commit: 'c1' }], relay: true });
    ({ address, close } = await caller.supervisor.listen());
  });

  afterEach(() => close());

  test('pings are answered as plain text, and other methods rejected', async () => {
    const response = await fetch(`${address}/ping`);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/plain; charset=utf-8',
      'OK',
    ]);
    expect((await fetch(`${address}/ping`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${address}/v1/update`)).status).toBe(405);
  });

  test.each<[string | undefined, { force: boolean; cancel: boolean }]>([
    [undefined, { force: false, cancel: true }],
    ['{}', { force: false, cancel: false }],
    ['{"force":true}', { force: true, cancel: false }],
    ['{"force":true,"cancel":true}', { force: true, cancel: true }],
    ['{"force":"true"}', { force: false, cancel: true }],
    ['{"force":1,"cancel":false}', { force: false, cancel: true }],
    ['not JSON', { force: false, cancel: true }],
  ])('an update with the body %s needs no key and is accepted: %j', async (body, { force, cancel }) => {
    caller.supervisor.lock();
    caller.supervisor.releaseAvailable({ commit: 'c2' });
    caller.supervisor.setInstantUpdates(false);
    await fetch(`${address}/v1/update`, { method: 'POST', body: '{}' });
    await caller.clock.advance(5300);
    expect(caller.supervisor.state.apps[0]?.update?.stage).toBe('blocked');
    await caller.clock.advance(10);
    const response = await fetch(`${address}/v1/update`, { method: 'POST', ...(body === undefined ? {} : { body }) });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([202, null, '']);
    expect(caller.supervisor.state.apps[0]?.update?.stage).toBe(cancel ? 'preparing' : 'blocked');
    await caller.clock.advance(200);
    expect(caller.supervisor.state.apps[0]?.locks).toEqual(force && cancel ? [] : ['main']);
  });

  test('all other requests go to the Supervisor, which requires a key', async () => {
    expect((await fetch(`${address}/v1/device`)).status).toBe(401);
    expect((await fetch(`${address}/v1/device?apikey=${globalKey}`)).status).toBe(200);
    const response = await fetch(`${address}/PING`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  });

  test('the relay stays up while the Supervisor restarts, and says so', async () => {
    caller.supervisor.restartSupervisor();
    expect((await fetch(`${address}/ping`)).status).toBe(200);
    const response = await fetch(`${address}/v2/version?apikey=key`);
    expect(response.status).toBe(502);
    expect(await response.text()).toBe(
      'Target connection failed: error sending request for url (http://127.0.0.1:48480/v2/version?apikey=key)',
    );
    await caller.clock.advance(1500);
    expect((await fetch(`${address}/v2/version?apikey=${globalKey}`)).status).toBe(200);
  });

  test('a reboot takes the relay down too', async () => {
    const [kept] = (await once(get(`${address}/ping`), 'response')) as [IncomingMessage];
    kept.resume();
    await fetch(`${address}/v1/reboot?apikey=${globalKey}`, { method: 'POST' });
    await expect(fetch(`${address}/ping`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});
