import { beforeEach, describe, expect, test } from 'vitest';

import { appKey, html, json, startCaller } from '../../test/caller.js';
import type { Caller } from '../../test/caller.js';

const appId = 1_234_567;

function v2(action: string, id: number | string = appId): string {
  return `POST /v2/applications/${id}/${action}-service`;
}

function failure(status: number, message: string): unknown {
  return {
    status,
    type: json,
    body: JSON.stringify({ status: 'failed', message }),
  };
}

function page(status: number, body: string): unknown {
  return { status, type: html, body };
}

const ok = page(200, 'OK');
const missing =
  'serviceName or imageId parameters were not provided or the app is multi-container. Use the v2 service action endpoints.';
const busy = `Locks for app ${appId} are being held by another supervisor operation`;

let caller: Caller;

function containers(): { serviceName: string; containerId: string; status: string }[] {
  return [...(caller.supervisor.state.apps[0]?.containers ?? [])];
}

function statuses(): string[] {
  return containers().map(({ status }) => status);
}

describe('an app with one service', () => {
  beforeEach(() => {
    caller = startCaller({ apps: [{ appId }] });
  });

  test('is stopped and started in the same container', async () => {
    const [before] = containers();
    const stop = caller.call(v2('stop'), { serviceName: 'main' });
    await caller.clock.advance(50);
    expect(statuses()).toEqual(['Stopping']);
    await caller.clock.advance(50);
    expect(await stop).toEqual(ok);
    expect(statuses()).toEqual(['exited']);
    expect(await caller.read('/v1/device')).toMatchObject({ status: 'exited' });
    expect(await caller.read(`/v2/applications/${appId}/state`)).toMatchObject({
      local: { [appId]: { services: { 959_262: { status: 'exited', download_progress: null } } } },
    });
    const start = caller.call(v2('start'), { serviceName: 'main' });
    await caller.clock.advance(100);
    expect(statuses()).toEqual(['Starting']);
    await caller.clock.advance(150);
    expect(await start).toEqual(ok);
    expect(containers()).toMatchObject([{ containerId: before?.containerId, status: 'Running' }]);
  });

  test('v1 returns the container ID, and start needs no lock', async () => {
    const [before] = containers();
    const told = { status: 200, type: json, body: JSON.stringify({ containerId: before?.containerId }) };
    expect(await caller.callFor(200, `POST /v1/apps/${appId}/stop`, {})).toEqual(told);
    caller.supervisor.lock();
    expect(await caller.callFor(300, `POST /v1/apps/${appId}/start`, {})).toEqual(told);
    expect(await caller.call(`POST /v1/apps/${appId}/start`, {})).toEqual(told);
  });

  test('is restarted in a new container', async () => {
    const [before] = containers();
    expect(await caller.callFor(500, v2('restart'), { imageId: '959262' })).toEqual(ok);
    expect(statuses()).toEqual(['Running']);
    expect(containers()[0]?.containerId).not.toBe(before?.containerId);
  });

  test('is affected whatever service was named', async () => {
    expect(await caller.callFor(500, v2('stop'), { serviceName: 'nobody' })).toEqual(ok);
    expect(statuses()).toEqual(['exited']);
  });

  test('stays stopped after an update that changes nothing, and runs again after a new release', async () => {
    await caller.callFor(200, v2('stop'), { serviceName: 'main' });
    await caller.call('POST /v1/update', {});
    await caller.clock.advance(60_000);
    expect(statuses()).toEqual(['exited']);
    caller.supervisor.releaseAvailable({ commit: 'new' });
    await caller.call('POST /v1/update', {});
    await caller.clock.advance(20_000);
    expect(statuses()).toEqual(['Running']);
  });

  test.each([
    [v2('stop'), { serviceName: 'main' }],
    [v2('restart'), { imageId: 959_262 }],
    [`POST /v1/apps/${appId}/stop`, {}],
  ])('%s is rejected by a user lock at once, and after 10 s by a lock of the Supervisor itself', async (line, body) => {
    caller.supervisor.lock();
    expect(await caller.call(line, body)).toEqual(
      failure(423, `Lockfile exists for { appId: ${appId}, service: main }`),
    );
    expect(await caller.callFor(1000, line, { ...body, force: '1' })).toMatchObject({ status: 200 });
    expect(caller.supervisor.state.apps[0]?.locks).toEqual([]);
    caller.supervisor.holdLocks();
    let answered = false;
    const answer = caller.call(line, { ...body, force: true }).finally(() => (answered = true));
    await caller.clock.advance(9999);
    expect(answered).toBe(false);
    await caller.clock.advance(1);
    expect(await answer).toEqual(failure(423, busy));
  });

  test('continues as soon as the locks are released', async () => {
    caller.supervisor.holdLocks();
    const answer = caller.call(v2('stop'), { serviceName: 'main' });
    await caller.clock.advance(5000);
    caller.supervisor.releaseLocks();
    await caller.clock.advance(100);
    expect(await answer).toEqual(ok);
  });

  test('waits for its turn behind another action', async () => {
    const stop = caller.call(v2('stop'), { serviceName: 'main' });
    const restart = caller.call(v2('restart'), { serviceName: 'main' });
    await caller.clock.advance(100);
    expect(await stop).toEqual(ok);
    expect(statuses()).toEqual(['Stopping']);
    await caller.clock.advance(450);
    expect(await restart).toEqual(ok);
    expect(statuses()).toEqual(['Running']);
  });

  test('does nothing to a container that was replaced while it waited', async () => {
    const restart = caller.call(v2('restart'), { serviceName: 'main' });
    const stop = caller.call(v2('stop'), { serviceName: 'main' });
    await caller.clock.advance(450);
    expect([await restart, await stop]).toEqual([ok, ok]);
    expect(statuses()).toEqual(['Running']);
  });

  test('waits for the end of an installation', async () => {
    caller.supervisor.releaseAvailable({ commit: 'new' });
    await caller.call('POST /v1/update', {});
    await caller.clock.advance(5300);
    expect(caller.supervisor.state.apps[0]).toMatchObject({ busy: true, update: { stage: 'downloaded' } });
    let answered = false;
    const stop = caller.call(v2('stop'), { serviceName: 'main' }).finally(() => (answered = true));
    await caller.clock.advance(4400);
    expect(answered).toBe(false);
    await caller.clock.advance(200);
    expect(await stop).toEqual(ok);
    expect(caller.supervisor.state.apps[0]).toMatchObject({ commit: 'new', containers: [{ status: 'Running' }] });
  });

  test('an update waits for an action that holds the locks', async () => {
    caller.supervisor.releaseAvailable({ commit: 'new', downloadDurationMs: 0 });
    await caller.call('POST /v1/update', {});
    const restart = caller.call(v2('restart'), { serviceName: 'main' });
    await caller.clock.advance(300);
    expect(caller.supervisor.state.apps[0]?.update?.stage).toBe('waiting');
    await caller.clock.advance(150);
    expect(await restart).toEqual(ok);
    expect(caller.supervisor.state.apps[0]?.update?.stage).toBe('downloaded');
  });

  test('waits for locks held during an update, and the update does not fail', async () => {
    caller.supervisor.holdLocks();
    caller.supervisor.releaseAvailable({ commit: 'new' });
    await caller.call('POST /v1/update', {});
    await caller.clock.advance(60_000);
    expect(caller.supervisor.state.apps[0]?.update?.stage).toBe('waiting');
    expect(await caller.read('/v1/device')).toMatchObject({ update_pending: true, update_failed: false });
    caller.supervisor.releaseLocks();
    await caller.clock.advance(6000);
    expect(caller.supervisor.state.apps[0]?.commit).toBe('new');
  });
});

describe('an app with two services', () => {
  beforeEach(() => {
    caller = startCaller({ apps: [{ appId, services: ['main', 'frontend'] }] });
  });

  test('has one stopped by its name or its image, and the other keeps running', async () => {
    expect(await caller.callFor(100, v2('stop'), { serviceName: 'frontend' })).toEqual(ok);
    expect(statuses()).toEqual(['Running', 'exited']);
    expect(await caller.callFor(250, v2('start'), { imageId: '959263' })).toEqual(ok);
    expect(statuses()).toEqual(['Running', 'Running']);
  });

  test('is locked as a whole by the lock of one', async () => {
    caller.supervisor.lock({ serviceName: 'frontend' });
    expect(await caller.call(v2('restart'), { serviceName: 'main' })).toEqual(
      failure(423, `Lockfile exists for { appId: ${appId}, service: frontend }`),
    );
    caller.supervisor.lock({ serviceName: 'main' });
    caller.supervisor.unlock({ serviceName: 'frontend' });
    expect(caller.supervisor.state.apps[0]?.locks).toEqual(['main']);
    caller.supervisor.unlock();
    expect(caller.supervisor.state.apps[0]?.locks).toEqual([]);
  });

  test.each<[string, unknown, unknown]>([
    [v2('stop'), { imageId: 1 }, page(404, 'Service not found, a container must exist for this endpoint to work')],
    [v2('stop'), { serviceName: 'null' }, page(400, missing)],
    [v2('stop'), { imageId: 0 }, page(400, missing)],
    [`POST /v1/apps/${appId}/stop`, {}, page(400, missing)],
  ])('%s %j: the service must belong to the app', async (line, body, answer) => {
    expect(await caller.call(line, body)).toEqual(answer);
  });
});

test.each<[string, unknown, unknown]>([
  [v2('stop', 'abc'), { serviceName: 'main' }, failure(400, 'Invalid app id')],
  [v2('stop', 0), { serviceName: 'main' }, failure(400, 'Invalid app id')],
  [v2('stop', 999), { serviceName: 'main' }, failure(503, "Cannot read properties of undefined (reading 'volumes')")],
  [v2('stop', 999), {}, page(400, missing)],
  ['POST /v1/apps/abc/start', {}, page(400, 'Invalid app id')],
  ['POST /v1/apps/0/start', {}, failure(503, "Cannot read properties of undefined (reading 'volumes')")],
])('%s %j is rejected with a message', async (line, body, answer) => {
  expect(await startCaller().call(line, body)).toEqual(answer);
});

test.each<[string, unknown, unknown]>([
  [v2('stop', 999), { serviceName: 'main' }, failure(401, 'Unauthorized')],
  [v2('stop', 999), {}, failure(401, 'Unauthorized')],
  ['POST /v1/apps/999/stop', {}, page(401, 'Unauthorized')],
])("%s %j with another app's key", async (line, body, answer) => {
  expect(await startCaller().call(line, body, appKey)).toEqual(answer);
});
