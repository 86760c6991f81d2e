import { expect, test } from 'vitest';

import { createSupervisor } from '../index.js';
import type { Supervisor, SupervisorOptions } from '../index.js';

const json = 'application/json; charset=utf-8';
const html = 'text/html; charset=utf-8';
const text = 'text/plain; charset=utf-8';

const options: SupervisorOptions = {
  apiKey: 'a'.repeat(32),
  relay: false,
  clock: { now: () => Date.UTC(2026, 10, 23) },
};

interface Answered {
  status: number;
  type: string | null;
  body: string;
}

async function call(supervisor: Supervisor, line: string, init: RequestInit = {}): Promise<Answered> {
  const [method = 'GET', path = '/'] = line.split(' ');
  const headers = { authorization: `Bearer ${supervisor.apiKey}`, ...(init.headers as Record<string, string>) };
  const response = await supervisor.fetch(new Request(`http://supervisor${path}`, { ...init, method, headers }));
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

function jsonBody(value: unknown): RequestInit {
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  };
}

const locked = '{"Data":"","Error":"Lockfile exists for { appId: 1234567, service: main }"}';

test.each([
  ['GET /ping', 200, html, 'OK'],
  ['GET /v1/healthy', 200, text, 'OK'],
  ['GET /v2/version', 200, json, '{"status":"success","version":"19.0.5"}'],
  ['POST /v1/update', 204, null, ''],
  ['POST /v1/reboot', 202, json, '{"Data":"OK","Error":null}'],
  ['HEAD /ping', 200, html, ''],
  ['GET /v2/version/', 200, json, '{"status":"success","version":"19.0.5"}'],
  ['GET /V2/Version', 200, json, '{"status":"success","version":"19.0.5"}'],
  ['OPTIONS /v2/version', 200, html, 'GET,HEAD'],
  ['OPTIONS /v1/reboot', 200, html, 'POST'],
])('%s answers %i %s %s', async (line, status, type, body) => {
  expect(await call(createSupervisor(options), line)).toEqual({ status, type, body });
});

test('GET /v1/device describes the device and its first service', async () => {
  const supervisor = createSupervisor({ ...options, apps: [{ appId: 1_234_567, commit: 'abc' }] });
  const { status, type, body } = await call(supervisor, 'GET /v1/device');
  expect({ status, type }).toEqual({ status: 200, type: json });
  expect(body).toBe(
    '{"api_port":48484,"ip_address":"192.0.2.2","os_version":"balenaOS 6.5.10","mac_address":"02:00:5E:00:53:01",' +
      '"supervisor_version":"19.0.5","update_pending":false,"update_failed":false,"update_downloaded":false,' +
      '"commit":"abc","status":"Idle","download_progress":null}',
  );
});

test('GET /v2/state/status lists containers and images of the first app', async () => {
  const supervisor = createSupervisor({
    ...options,
    apps: [
      { appId: 7, commit: 'abc', services: ['main', 'frontend'] },
      { appId: 8, commit: 'def' },
    ],
  });
  const { status, type, body } = await call(supervisor, 'GET /v2/state/status');
  expect({ status, type }).toEqual({ status: 200, type: json });
  const container = { status: 'Running', appId: 7, createdAt: '2026-11-23T00:00:00.000Z' };
  const image = { appId: 7, status: 'Downloaded', downloadProgress: null };
  expect(JSON.parse(body)).toMatchObject({
    status: 'success',
    appState: 'applied',
    overallDownloadProgress: null,
    containers: [
      { ...container, serviceName: 'main', serviceId: 29_396, imageId: 959_262 },
      { ...container, serviceName: 'frontend', serviceId: 29_397, imageId: 959_263 },
    ],
    images: [
      { ...image, serviceName: 'main', imageId: 959_262 },
      { ...image, serviceName: 'frontend', imageId: 959_263 },
    ],
    release: 'abc',
  });
  expect(body).toMatch(/"containerId":"[\da-f]{64}"/);
  expect(body).toMatch(/"dockerImageId":"sha256:[\da-f]{64}"/);
});

test('an unhealthy Supervisor answers 500 Unhealthy as HTML', async () => {
  const supervisor = createSupervisor(options);
  supervisor.setHealthy(false);
  expect(await call(supervisor, 'GET /v1/healthy')).toEqual({ status: 500, type: html, body: 'Unhealthy' });
});

test('with instant updates off, an update is only accepted, unless it is forced', async () => {
  const supervisor = createSupervisor({ ...options, instantUpdates: false });
  supervisor.releaseAvailable({ commit: 'next' });
  expect(await call(supervisor, 'POST /v1/update')).toEqual({ status: 202, type: text, body: 'Accepted' });
  expect(supervisor.state.apps[0]?.update).toBeUndefined();
  expect(await call(supervisor, 'POST /v1/update', jsonBody({ force: true }))).toMatchObject({ status: 204 });
  expect(supervisor.state.apps[0]?.update?.commit).toBe('next');
  supervisor.setInstantUpdates(true);
  expect(await call(supervisor, 'POST /v1/update')).toMatchObject({ status: 204 });
});

test('a user lock rejects a reboot in its own envelope', async () => {
  const supervisor = createSupervisor(options);
  supervisor.lock();
  expect(await call(supervisor, 'POST /v1/reboot')).toEqual({ status: 423, type: json, body: locked });
  expect(supervisor.state.rebooting).toBe(false);
});

test.each([true, 'true', 'TRUE', '1', 1, 'on'])('force: %j overrides the lock and removes it', async (force) => {
  const supervisor = createSupervisor(options);
  supervisor.lock();
  expect(await call(supervisor, 'POST /v1/reboot', jsonBody({ force }))).toMatchObject({ status: 202 });
  expect(supervisor.state).toMatchObject({ rebooting: true, apps: [{ lockedBy: undefined }] });
});

test.each([false, 'yes', 0, null, {}, [true]])('force: %j is silently ignored', async (force) => {
  const supervisor = createSupervisor(options);
  supervisor.lock();
  expect(await call(supervisor, 'POST /v1/reboot', jsonBody({ force }))).toMatchObject({ status: 423 });
});

test('in local mode the cloud’s apps do not run, and their locks do not count', async () => {
  const supervisor = createSupervisor(options);
  supervisor.lock();
  supervisor.setLocalMode(true);
  expect(await call(supervisor, 'GET /v2/state/status')).toMatchObject({
    body: '{"status":"success","appState":"applied","overallDownloadProgress":null,"containers":[],"images":[]}',
  });
  expect(JSON.parse((await call(supervisor, 'GET /v1/device')).body)).not.toHaveProperty('status');
  expect(await call(supervisor, 'POST /v1/update')).toMatchObject({ status: 204 });
  expect(await call(supervisor, 'POST /v1/reboot')).toMatchObject({ status: 202 });
});
