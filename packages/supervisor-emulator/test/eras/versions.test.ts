import { expect, test } from 'vitest';

import { globalKey, startCaller, text } from '../caller.js';
import type { Caller } from '../caller.js';
import { createSupervisor } from '../../src/index.js';

function startVersion(supervisorVersion: string): Caller {
  return startCaller({ supervisorVersion, apps: [{ appId: 1 }] });
}

test.each([
  ['17.7.0', 'PATCH /v2/device/tags'],
  ['11.3.9', 'GET /v2/device/vpn'],
  ['9.6.0', 'GET /v2/state/status'],
  ['8.5.0', 'GET /v2/containerId'],
  ['7.20.0', 'GET /v2/version'],
  ['6.5.0', 'GET /v1/device/host-config'],
  ['6.4.0', 'GET /v1/healthy'],
])('version %s does not have %s', async (version, line) => {
  const path = `${line}?apikey=${globalKey}`;
  const { status, body } = await startVersion(version).call(path, line.startsWith('GET') ? undefined : {}, '');
  expect(status).toBe(404);
  expect(body).toContain(`Cannot ${line}`);
});

test('a ping requires a key before 10.3.7', async () => {
  expect(await startVersion('10.3.6').call('GET /ping', undefined, '')).toEqual({
    status: 401,
    type: text,
    body: 'Unauthorized',
  });
  expect((await startVersion('10.3.6').call(`GET /ping?apikey=${globalKey}`, undefined, '')).status).toBe(200);
  expect((await startVersion('10.3.7').call('GET /ping', undefined, '')).status).toBe(200);
});

test.each(['5.14.1', '1.0.0'])('version %s is not emulated', (supervisorVersion) => {
  const tooOld = (): unknown => createSupervisor({ supervisorVersion });
  expect(tooOld).toThrow(TypeError);
  expect(tooOld).toThrow(
    /^createSupervisor: supervisorVersion must be 6\.0\.0 or later, because older versions are not emulated\.$/,
  );
});

test.each(['', 'latest', '19', 'v19.0.5'])('%j is not a version', (supervisorVersion) => {
  expect(() => createSupervisor({ supervisorVersion })).toThrow(TypeError);
});

test('a regenerated key replaces those of all services before 11.14.4', async () => {
  const apps = [{ appId: 1, services: ['main', 'side'] }];
  const supervisor = createSupervisor({ supervisorVersion: '11.14.3', apps });
  const ask = (method: string, path: string, key: string): Promise<Response> =>
    supervisor.fetch(new Request(`http://supervisor${path}?apikey=${key}`, { method }));
  const old = supervisor.apiKey;
  expect([supervisor.globalApiKey, supervisor.apiKeyOf({ serviceName: 'side' })]).toEqual([old, old]);
  const renewed = await (await ask('POST', '/v1/regenerate-api-key', old)).text();
  expect(supervisor.apiKeyOf({ serviceName: 'side' })).toBe(renewed);
  expect((await ask('GET', '/v2/version', old)).status).toBe(401);
  expect((await ask('GET', '/v2/version', renewed)).status).toBe(200);
});
