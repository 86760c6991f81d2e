import { expect, test } from 'vitest';

import { appKey, globalKey, startCaller, text } from './caller.js';
import type { Caller } from './caller.js';

const startVersion = (supervisorVersion: string): Caller => startCaller({ supervisorVersion, apps: [{ appId: 1 }] });

test.each([
  ['17.7.0', 'PATCH /v2/device/tags'],
  ['11.3.9', 'GET /v2/device/vpn'],
  ['9.6.0', 'GET /v2/state/status'],
  ['8.5.0', 'GET /v2/containerId'],
  ['7.20.0', 'GET /v2/version'],
  ['6.5.0', 'GET /v1/device/host-config'],
  ['6.4.0', 'GET /v1/healthy'],
])('version %s does not know %s', async (version, line) => {
  const path = `${line}?apikey=${globalKey}`;
  const { status, body } = await startVersion(version).call(path, line.startsWith('GET') ? undefined : {}, '');
  expect(status).toBe(404);
  expect(body).toContain(`Cannot ${line}`);
});

test('fields that came with 17.7 are missing before', async () => {
  const before = await startVersion('17.6.0').read('/v2/applications/state');
  expect(Object.keys(before['myfleet'] as object)).toEqual(['appId', 'commit', 'services']);
  const after = await startVersion('17.7.0').read('/v2/applications/state');
  expect(Object.keys(after['myfleet'] as object)).toEqual(['appId', 'appUuid', 'commit', 'updateStatus', 'services']);
});

test('cancel counts since 17.1', async () => {
  for (const [version, stage] of [
    ['17.0.9', 'blocked'],
    ['17.1.0', 'preparing'],
  ] as const) {
    const { supervisor, clock, call } = startVersion(version);
    supervisor.lock();
    supervisor.releaseAvailable({ commit: 'new' });
    await call('POST /v1/update', {});
    await clock.advance(6000);
    await call('POST /v1/update', { cancel: true });
    expect(supervisor.state.apps[0]?.update?.stage).toBe(stage);
  }
});

test('a ping needs a key before 10.3.7, a Bearer is none before 11.3', async () => {
  expect(await startVersion('10.3.6').call('GET /ping', undefined, '')).toEqual({
    status: 401,
    type: text,
    body: 'Unauthorized',
  });
  expect((await startVersion('10.3.6').call(`GET /ping?apikey=${globalKey}`, undefined, '')).status).toBe(200);
  expect((await startVersion('10.3.7').call('GET /ping', undefined, '')).status).toBe(200);
  expect((await startVersion('11.2.9').call('GET /v1/device')).status).toBe(401);
  expect((await startVersion('11.3.0').call('GET /v1/device')).status).toBe(200);
});

test('a key of an app is good for all before 11.14.4', async () => {
  const statusOf = async (version: string): Promise<number> => {
    const { call } = startCaller({ supervisorVersion: version, apps: [{ appId: 1 }, { appId: 2 }] });
    return (await call('GET /v1/apps/2', undefined, appKey)).status;
  };
  expect(await statusOf('11.14.3')).toBe(200);
  expect(await statusOf('11.14.4')).toBe(401);
});
