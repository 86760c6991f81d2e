import { beforeEach, describe, expect, test } from 'vitest';

import { appKey, globalKey, html, json, startCaller } from '../../test/caller.js';
import type { Caller } from '../../test/caller.js';

const appId = 1_234_567;
let caller: Caller;

beforeEach(() => {
  caller = startCaller({ apps: [{ appId, commit: 'c1', services: ['main'] }] });
});

function container(): { containerId: string; status: string } | undefined {
  return caller.supervisor.state.apps[0]?.containers[0];
}

const ok = { status: 200, type: html, body: 'OK' };
const purged = { status: 200, type: json, body: '{"Data":"OK","Error":""}' };

function failure(status: number, message: string): unknown {
  return {
    status,
    type: json,
    body: JSON.stringify({ status: 'failed', message }),
  };
}

const locked = failure(423, `Lockfile exists for { appId: ${appId}, service: main }`);

describe.each<[string, string, unknown, unknown]>([
  ['v1 restart', 'POST /v1/restart', { appId }, ok],
  ['v1 purge', 'POST /v1/purge', { appId }, purged],
  ['v2 restart', `POST /v2/applications/${appId}/restart`, {}, ok],
  ['v2 purge', `POST /v2/applications/${appId}/purge`, {}, ok],
])('%s', (_name, line, body, done) => {
  test('is answered when the containers have been recreated', async () => {
    const before = container()?.containerId;
    const answer = caller.call(line, body);
    await caller.clock.advance(300);
    expect(container()).toMatchObject({ containerId: before, status: 'Stopping' });
    expect(await caller.read('/v2/state/status')).toMatchObject({ appState: 'applying', release: 'c1' });
    await caller.clock.advance(300);
    expect(container()).toBeUndefined();
    expect(await caller.read('/v2/state/status')).toMatchObject({ containers: [], images: [{ status: 'Downloaded' }] });
    expect((await caller.call(`GET /v1/apps/${appId}`)).body).toBe('App not found');
    await caller.clock.advance(2000);
    expect(await answer).toEqual(done);
    expect(container()?.status).toBe('Running');
    expect(container()?.containerId).not.toBe(before);
    expect(await caller.read('/v1/device')).toMatchObject({ commit: 'c1', update_pending: false, status: 'Idle' });
  });

  test('is rejected at once by a user lock, unless it is forced, which removes the lock', async () => {
    const before = container()?.containerId;
    caller.supervisor.lock();
    expect(await caller.call(line, body)).toEqual(locked);
    expect(container()?.containerId).toBe(before);
    expect(await caller.callFor(3000, line, { ...(body as object), force: true })).toEqual(done);
    expect(caller.supervisor.state.apps[0]).toMatchObject({ locks: [], lockedBy: undefined });
    expect(container()?.containerId).not.toBe(before);
  });

  test('waits for as long as another operation holds the locks', async () => {
    caller.supervisor.holdLocks();
    let answered = false;
    const answer = caller.call(line, body).finally(() => (answered = true));
    await caller.clock.advance(60_000);
    expect(answered).toBe(false);
    caller.supervisor.releaseLocks();
    await caller.clock.advance(3000);
    expect((await answer).status).toBe(200);
  });

  test('fails if one is in progress, and lets that one end as if it were done', async () => {
    const first = caller.call(line, body);
    await caller.clock.advance(400);
    const second = caller.call(line, body);
    await caller.clock.advance(100);
    expect(await first).toEqual(done);
    expect(await second).toEqual(failure(503, "Cannot read properties of null (reading 'local')"));
    await caller.clock.advance(10_000);
    expect(container()?.status).toBe('Running');
    expect(await caller.read('/v2/state/status')).toMatchObject({ appState: 'applied' });
  });

  test('happens at once on a clock that cannot sleep', async () => {
    const quick = startCaller({ clock: { now: () => 0 }, apps: [{ appId }] });
    const before = quick.supervisor.state.apps[0]?.containers[0]?.containerId;
    expect((await quick.call(line, body)).status).toBe(200);
    expect(quick.supervisor.state.apps[0]?.containers[0]).not.toMatchObject({ containerId: before });
  });

  test('is cut off by a restart of the Supervisor, which restores missing containers', async () => {
    const answer = caller.call(line, body);
    await caller.clock.advance(600);
    caller.supervisor.restartSupervisor();
    await expect(answer).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    await caller.clock.advance(10_000);
    expect(container()?.status).toBe('Running');
  });
});

test.each<[string, unknown, unknown]>([
  ['POST /v1/restart', {}, { status: 400, type: html, body: 'Missing app id' }],
  ['POST /v1/restart', { appId: 1.5 }, { status: 400, type: html, body: 'Missing app id' }],
  ['POST /v1/restart', { appId: 0 }, failure(503, 'Application with ID 0 is not in the current state')],
  ['POST /v1/restart', { appId: 999 }, failure(503, 'Application with ID 999 is not in the current state')],
  ['POST /v1/purge', { appId: 'abc' }, { status: 400, type: html, body: 'Invalid or missing appId' }],
  ['POST /v1/purge', { appId: '0' }, failure(503, 'Application with ID 0 is not in the current state')],
  ['POST /v2/applications/0/restart', {}, failure(400, 'Missing app id')],
  ['POST /v2/applications/abc/purge', {}, failure(400, 'Missing app id')],
  ['POST /v2/applications/%zz/purge', {}, failure(503, "Failed to decode param '%zz'")],
  ['GET /v1/apps/0', undefined, { status: 400, type: html, body: 'App not found' }],
  ['GET /v1/apps/x', undefined, { status: 400, type: html, body: 'Missing app id' }],
  ['GET /v1/apps/%zz', undefined, failure(503, "Failed to decode param '%zz'")],
  ['PUT /v1/apps/%zz', {}, failure(503, "Failed to decode param '%zz'")],
])('%s %j is rejected with a message', async (line, body, answer) => {
  expect(await caller.call(line, body)).toEqual(answer);
});

test('v1 accepts an app ID as text or with zeros after the decimal point', async () => {
  expect((await caller.callFor(3000, 'POST /v1/restart', { appId: '1234567.0' })).status).toBe(200);
  expect((await caller.call('GET /v1/apps/1234567.0')).status).toBe(200);
});

test.each<[string, unknown, unknown]>([
  ['POST /v1/restart', { appId: 999 }, failure(401, 'Unauthorized')],
  ['POST /v1/purge', { appId: 999 }, failure(401, 'Unauthorized')],
  ['POST /v2/applications/999/restart', {}, failure(401, 'Unauthorized')],
  ['POST /v2/applications/999/purge', {}, failure(401, 'Unauthorized')],
  ['GET /v1/apps/999', undefined, failure(401, 'Application is not available')],
  ['GET /v1/apps/abc', undefined, { status: 400, type: html, body: 'Missing app id' }],
])("%s %j with another app's key", async (line, body, answer) => {
  expect(await caller.call(line, body, appKey)).toEqual(answer);
});

test('a restart aborts a download, which begins again afterwards', async () => {
  caller.supervisor.releaseAvailable({ commit: 'c2' });
  await caller.call('POST /v1/update', {});
  await caller.clock.advance(2700);
  expect(caller.supervisor.state.apps[0]?.update).toMatchObject({ stage: 'downloading', downloadProgress: 50 });
  const answer = caller.call('POST /v1/restart', { appId });
  await caller.clock.advance(100);
  expect(caller.supervisor.state.apps[0]).toMatchObject({ recreating: 'restart', update: undefined });
  expect(await caller.read('/v2/state/status')).toMatchObject({ images: [{ status: 'Downloaded' }] });
  await caller.clock.advance(1800);
  expect((await answer).status).toBe(200);
  expect(caller.supervisor.state.apps[0]?.update).toMatchObject({ commit: 'c2', downloadProgress: 0 });
  await caller.clock.advance(20_000);
  expect(caller.supervisor.state.apps[0]?.commit).toBe('c2');
});

test('a restart while a lock blocks an update leaves it blocked', async () => {
  caller.supervisor.releaseAvailable({ commit: 'c2' });
  caller.supervisor.lock();
  await caller.call('POST /v1/update', {});
  await caller.clock.advance(10_000);
  expect(await caller.call('POST /v1/restart', { appId })).toEqual(locked);
  await caller.clock.advance(1000);
  expect(caller.supervisor.state.apps[0]?.update).toMatchObject({ commit: 'c2', stage: 'blocked' });
});

test('GET /v1/apps/:appId shows the container and its environment, without a key', async () => {
  const { supervisor, call } = startCaller({
    uuid: 'd'.repeat(32),
    deviceType: 'intel-nuc',
    arch: 'amd64',
    osVersion: 'balenaOS 4.0.11',
    apps: [
      {
        appId: 7,
        appName: 'fleet',
        appUuid: 'f'.repeat(32),
        commit: 'c1',
        releaseId: 5,
        services: [{ serviceName: 'web', dockerImageId: 'sha256:1', environment: { FOO: 'bar' } }],
      },
    ],
  });
  const { body } = await call('GET /v1/apps/7');
  expect(JSON.parse(body)).toMatchObject({ appId: 7, commit: 'c1', imageId: 'sha256:1', releaseId: 5 });
  const { env } = JSON.parse(body) as { env: Record<string, string> };
  expect(Object.keys(env)).toHaveLength(30);
  expect(env).toMatchObject({
    FOO: 'bar',
    BALENA_SERVICE_NAME: 'web',
    RESIN_APP_UUID: 'f'.repeat(32),
    BALENA_DEVICE_ARCH: 'amd64',
    BALENA: '1',
    RESIN_SUPERVISOR_ADDRESS: 'http://10.114.104.1:48484',
  });
  expect(body).not.toContain(supervisor.apiKey);
  expect(body).not.toContain(globalKey);
});

test('v1 rejects an app with several services', async () => {
  const { call } = startCaller({ apps: [{ appId, services: ['main', 'frontend'] }] });
  expect(await call(`GET /v1/apps/${appId}`)).toEqual({
    status: 400,
    type: html,
    body: 'Some v1 endpoints are only allowed on single-container apps',
  });
});
