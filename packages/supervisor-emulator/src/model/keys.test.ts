import { beforeEach, expect, test } from 'vitest';

import { appKey, globalKey, html, json, startCaller, text } from '../../test/caller.js';
import type { Caller } from '../../test/caller.js';

const strangerKey = 'c'.repeat(32);
let caller: Caller;

beforeEach(() => {
  caller = startCaller({
    apps: [
      { appId: 1, appName: 'one', services: ['main', 'side'] },
      { appId: 2, appName: 'two', services: ['other'] },
    ],
    keys: [{ key: strangerKey, appId: 3 }],
  });
});

const unauthorized = { status: 401, type: text, body: 'Unauthorized' };

test('each service has its own key, and the Supervisor one for all', () => {
  const { supervisor } = caller;
  expect(supervisor.apiKeyOf({})).toBe(appKey);
  expect(supervisor.apiKeyOf({ appId: 1, serviceName: 'side' })).toMatch(/^[\da-f]{32}$/);
  expect(new Set([appKey, supervisor.apiKeyOf({ serviceName: 'side' }), supervisor.apiKeyOf({ appId: 2 })]).size).toBe(
    3,
  );
  expect(supervisor.state.keys).toEqual([
    { scope: 'app', appId: 1, serviceName: 'main' },
    { scope: 'app', appId: 1, serviceName: 'side' },
    { scope: 'app', appId: 2, serviceName: 'other' },
    { scope: 'global', appId: undefined, serviceName: undefined },
    { scope: 'app', appId: 3, serviceName: undefined },
  ]);
  expect(() => supervisor.apiKeyOf({ serviceName: 'nobody' })).toThrow(
    'has no service "nobody". Its services: main, side.',
  );
});

async function firstAppOf(key: string): Promise<number | undefined> {
  const containers = (await caller.read('/v2/state/status', key))['containers'] as { appId: number }[];
  return containers[0]?.appId;
}

test("lists show the apps of the key's scope", async () => {
  const seenBy = async (key: string): Promise<unknown> => ({
    apps: Object.keys(await caller.read('/v2/applications/state', key)),
    services: Object.keys((await caller.read('/v2/containerId', key))['services'] ?? {}),
    first: await firstAppOf(key),
  });
  expect(await seenBy(globalKey)).toEqual({ apps: ['one', 'two'], services: ['main', 'side', 'other'], first: 1 });
  expect(await seenBy(appKey)).toEqual({ apps: ['one'], services: ['main', 'side'], first: 1 });
  const otherKey = caller.supervisor.apiKeyOf({ appId: 2 });
  expect(await seenBy(otherKey)).toEqual({ apps: ['two'], services: ['other'], first: 2 });
  expect(await seenBy(strangerKey)).toEqual({ apps: [], services: [], first: undefined });
});

test('anything out of scope looks as if it did not exist', async () => {
  const absent = { status: 409, type: json, body: '{"status":"failed","message":"Application ID does not exist: 2"}' };
  expect(await caller.call('GET /v2/applications/2/state', undefined, appKey)).toEqual(absent);
  expect(await caller.call('GET /v2/containerId?service=other', undefined, appKey)).toEqual({
    status: 503,
    type: json,
    body: '{"status":"failed","message":"Could not find service with that name"}',
  });
  expect((await caller.call('GET /v2/containerId?service=other')).status).toBe(200);
});

test.each(['POST /v1/update', 'POST /v1/blink', 'GET /v1/device', 'GET /v2/version', 'GET /v2/cleanup-volumes'])(
  '%s accepts any valid key',
  async (line) => {
    expect((await caller.call(line, undefined, strangerKey)).status).toBeLessThan(300);
    expect(await caller.call(line, undefined, 'wrong')).toEqual(unauthorized);
  },
);

test('containerId by name prefers serviceName, and does not support arrays', async () => {
  const id = caller.supervisor.state.apps[0]?.containers[0]?.containerId;
  const found = JSON.stringify({ status: 'success', containerId: id });
  expect(await caller.call('GET /v2/containerId?service=side&serviceName=main')).toMatchObject({ body: found });
  expect((await caller.call('GET /v2/containerId?service=main&service=main')).status).toBe(503);
  expect((await caller.call('GET /v2/containerId?serviceName=')).status).toBe(503);
});

test('a regenerated key replaces the presented one at once', async () => {
  const answer = await caller.call('POST /v1/regenerate-api-key', undefined, appKey);
  expect(answer).toEqual({ status: 200, type: html, body: caller.supervisor.apiKey });
  expect(answer.body).toMatch(/^[\da-f]{32}$/);
  expect(answer.body).not.toBe(appKey);
  expect(await caller.call('GET /v2/version', undefined, appKey)).toEqual(unauthorized);
  expect((await caller.call('GET /v2/version', undefined, answer.body)).status).toBe(200);

  const regenerated = await caller.call('POST /v1/regenerate-api-key', undefined, globalKey);
  expect(caller.supervisor.globalApiKey).toBe(regenerated.body);
  expect(await caller.call('GET /v2/version', undefined, globalKey)).toEqual(unauthorized);
});

test('the next update gives the container a valid key again, in a new container', async () => {
  const before = caller.supervisor.state.apps[0]?.containers;
  const fresh = (await caller.call('POST /v1/regenerate-api-key', undefined, appKey)).body;
  await caller.clock.advance(60_000);
  expect(caller.supervisor.state.apps[0]?.containers).toMatchObject([{ hasValidKey: false }, { hasValidKey: true }]);
  await caller.call('POST /v1/update', {}, fresh);
  await caller.clock.advance(10_000);
  const after = caller.supervisor.state.apps[0]?.containers;
  expect(after?.map(({ serviceName, hasValidKey }) => [serviceName, hasValidKey])).toEqual(
    expect.arrayContaining([
      ['main', true],
      ['side', true],
    ]),
  );
  expect(new Set([...(before ?? []), ...(after ?? [])].map(({ containerId }) => containerId)).size).toBe(3);
});

test('where no key is required, none can be regenerated', async () => {
  const failed = { status: 503, type: json, body: '{"status":"failed","message":""}' };
  expect(await startCaller({ unmanaged: true }).call('POST /v1/regenerate-api-key', undefined, '')).toEqual(failed);
  const local = startCaller({ localMode: true });
  expect(await local.call('POST /v1/regenerate-api-key', undefined, 'wrong')).toEqual(failed);
  expect((await local.call('POST /v1/regenerate-api-key', undefined, appKey)).status).toBe(200);
});

test('a body is not parsed, so that a malformed one does no harm', async () => {
  for (const path of ['/v1/blink', '/v1/regenerate-api-key']) {
    const headers = { authorization: `Bearer ${caller.supervisor.apiKey}`, 'content-type': 'application/json' };
    const request = new Request(`http://s${path}`, { method: 'POST', headers, body: '{' });
    expect((await caller.supervisor.fetch(request)).status).toBe(200);
  }
});
