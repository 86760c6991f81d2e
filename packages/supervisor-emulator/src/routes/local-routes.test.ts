import { expect, test } from 'vitest';

import { createSupervisor } from '../index.js';
import type { Supervisor, SupervisorOptions } from '../index.js';

const json = 'application/json; charset=utf-8';
const path = '/v2/local/target-state';

function start(options: SupervisorOptions = { unmanaged: true }): {
  supervisor: Supervisor;
  pass: (ms: number) => void;
} {
  let now = Date.UTC(2026, 10, 23);
  const supervisor = createSupervisor({ relay: false, uuid: '3f2a9c1d', clock: { now: () => now }, ...options });
  return { supervisor, pass: (ms) => (now += ms) };
}

async function call(supervisor: Supervisor, line: string, value?: unknown): Promise<[number, string | null, string]> {
  const [method = 'GET', target = '/'] = line.split(' ');
  const headers = { authorization: `Bearer ${supervisor.apiKey}`, 'content-type': 'application/json' };
  const body = value === undefined ? {} : { body: JSON.stringify(value) };
  const response = await supervisor.fetch(new Request(`http://supervisor${target}`, { method, headers, ...body }));
  return [response.status, response.headers.get('content-type'), await response.text()];
}

function service(serviceName: string, id: number, more: object = {}): object {
  return {
    serviceName,
    serviceId: id,
    imageId: id,
    image: `local_image_${serviceName}`,
    environment: {},
    labels: {},
    ...more,
  };
}

function app(commit: string, ...services: object[]): object {
  const byId = Object.fromEntries(services.map((each, index) => [String(index + 1), each]));
  return { name: 'localapp', commit, releaseId: '1', services: byId, volumes: {}, networks: {} };
}

function local(apps: object, more: object = {}): object {
  return { local: { name: 'Home', config: {}, apps, ...more } };
}

const two = local({ 1: app('abc', service('main', 1), service('frontend', 2)) });
const done: [number, string, string] = [200, json, '{"status":"success","message":"OK"}'];

async function state(supervisor: Supervisor): Promise<Record<string, unknown>> {
  return JSON.parse((await call(supervisor, 'GET /v2/state/status'))[2]) as Record<string, unknown>;
}

async function wanted(supervisor: Supervisor): Promise<{ name: string; config: object; apps: Record<string, object> }> {
  return (JSON.parse((await call(supervisor, `GET ${path}`))[2]) as { state: { local: never } }).state.local;
}

test('the apps of a target start after a while, in containers of their own', async () => {
  const { supervisor, pass } = start();
  expect(await call(supervisor, `POST ${path}`, two)).toEqual(done);
  expect(await state(supervisor)).toMatchObject({ appState: 'applying', containers: [] });
  pass(20_000);
  const running = { status: 'Running', appId: 1 };
  expect(await state(supervisor)).toMatchObject({
    appState: 'applied',
    release: 'abc',
    containers: [
      { ...running, serviceName: 'main', imageId: 1, serviceId: 1 },
      { ...running, serviceName: 'frontend', imageId: 2, serviceId: 2 },
    ],
  });
  expect(await call(supervisor, 'GET /v2/applications/1/state')).toEqual([
    200,
    json,
    '{"commit":"abc","local":{"1":{"services":{' +
      '"1":{"status":"Running","releaseId":1,"download_progress":null},' +
      '"2":{"status":"Running","releaseId":1,"download_progress":null}}}}}',
  ]);
  expect((await call(supervisor, 'GET /v2/device/name'))[2]).toBe('{"status":"success","deviceName":"Home"}');
});

test('an unchanged service keeps its container, and a redefined one gets another', async () => {
  const { supervisor, pass } = start();
  await call(supervisor, `POST ${path}`, two);
  pass(20_000);
  const before = supervisor.state.apps[0]?.containers.map(({ containerId }) => containerId) ?? [];
  const changed = service('frontend', 2, { environment: { COLOUR: 'red' } });
  await call(supervisor, `POST ${path}`, local({ 1: app('def', service('main', 1), changed) }));
  pass(20_000);
  const after = supervisor.state.apps[0]?.containers ?? [];
  expect(after.find(({ serviceName }) => serviceName === 'main')?.containerId).toBe(before[0]);
  expect(before).not.toContain(after.find(({ serviceName }) => serviceName === 'frontend')?.containerId);
});

test('services that are no longer targeted are removed, but their images stay', async () => {
  const { supervisor, pass } = start();
  await call(supervisor, `POST ${path}`, two);
  pass(20_000);
  expect(await call(supervisor, `POST ${path}`)).toEqual(done);
  pass(20_000);
  expect(await state(supervisor)).toMatchObject({
    containers: [],
    images: [
      { appId: 1, name: 'local_image_main:latest', status: 'Downloaded' },
      { appId: 1, name: 'local_image_frontend:latest', status: 'Downloaded' },
    ],
  });
  expect((await call(supervisor, 'GET /v2/applications/state'))[2]).toBe('{}');
  expect((await wanted(supervisor)).apps).toEqual({});
});

test('an app without services has its new commit', async () => {
  const { supervisor, pass } = start();
  await call(supervisor, `POST ${path}`, two);
  pass(20_000);
  await call(supervisor, `POST ${path}`, local({ 1: app('c') }));
  pass(20_000);
  expect(await state(supervisor)).toMatchObject({ containers: [], release: 'c' });
});

test('services that are not to run are left out', async () => {
  const { supervisor, pass } = start();
  await call(
    supervisor,
    `POST ${path}`,
    local({ 1: app('abc', service('main', 1), service('job', 2, { running: false })) }),
  );
  pass(20_000);
  expect(supervisor.state.apps[0]?.containers.map(({ serviceName }) => serviceName)).toEqual(['main']);
});

test('services of local apps can be stopped, started and restarted', async () => {
  const { supervisor, pass } = start();
  await call(supervisor, `POST ${path}`, two);
  pass(20_000);
  const frontend = { serviceName: 'frontend' };
  expect(await call(supervisor, 'POST /v2/applications/1/stop-service', frontend)).toMatchObject({ 0: 200, 2: 'OK' });
  expect(await call(supervisor, 'POST /v2/applications/1/start-service', frontend)).toMatchObject({ 0: 200, 2: 'OK' });
  expect(await call(supervisor, 'POST /v1/restart', { appId: 1 })).toMatchObject({ 0: 200, 2: 'OK' });
});

test('a lock blocks a target, unless it is forced', async () => {
  const { supervisor, pass } = start();
  await call(supervisor, `POST ${path}`, two);
  pass(20_000);
  supervisor.lock();
  const next = local({ 1: app('def', service('main', 3)) });
  await call(supervisor, `POST ${path}`, next);
  pass(20_000);
  expect(supervisor.state.apps[0]?.update?.stage).toBe('blocked');
  await call(supervisor, `POST ${path}`, { ...next, force: true });
  pass(20_000);
  expect(supervisor.state.apps[0]).toMatchObject({ commit: 'def', lockedBy: undefined, update: undefined });
});

test('the target can be read back: configuration first, then the defaults, and services with everything they get', async () => {
  const { supervisor, pass } = start();
  const config = { SUPERVISOR_LOCAL_MODE: '1', RESIN_SUPERVISOR_POLL_INTERVAL: '600000', FOO: 'bar' };
  const main = service('main', 1, {
    environment: { A: 'b' },
    labels: { 'io.balena.features.supervisor-api': '1' },
    restart: 'no',
  });
  await call(supervisor, `POST ${path}`, local({ 1: app('abc', main) }, { config }));
  pass(20_000);
  const read = await wanted(supervisor);
  expect(Object.entries(read.config).slice(0, 3)).toEqual([
    ['SUPERVISOR_POLL_INTERVAL', '600000'],
    ['SUPERVISOR_LOCAL_MODE', '1'],
    ['SUPERVISOR_VPN_CONTROL', 'true'],
  ]);
  expect(read).toMatchObject({
    name: 'Home',
    apps: {
      1: {
        isTargetState: true,
        appId: 1,
        appUuid: '1',
        appName: 'localapp',
        commit: 'abc',
        source: 'local',
        services: [
          {
            serviceName: 'main',
            imageName: 'local_image_main:latest',
            config: {
              restart: 'no',
              tty: true,
              environment: { A: 'b', BALENA_SUPERVISOR_API_KEY: supervisor.apiKeyOf({ appId: 1 }) },
              labels: { 'io.balena.service-name': 'main' },
              networks: { '1_default': { aliases: ['main'] }, supervisor0: {} },
            },
          },
        ],
        networks: [{ name: 'default', config: { configOnly: false } }],
        volumes: [],
      },
    },
  });
});

test('on a managed device the target is the cloud’s, with its own volume', async () => {
  const { supervisor } = start({ apps: [{ appId: 7, appName: 'hall' }], instantUpdates: false });
  const read = await wanted(supervisor);
  expect(read.config).toMatchObject({ SUPERVISOR_INSTANT_UPDATE_TRIGGER: 'false', SUPERVISOR_LOCAL_MODE: 'false' });
  expect(read.apps[7]).toMatchObject({
    appName: 'hall',
    volumes: [{ name: 'resin-data' }],
    networks: [{ name: 'default' }],
  });
  const message = 'Target state can only set when device is in local mode';
  expect(await call(supervisor, `POST ${path}`, two)).toEqual([
    400,
    json,
    JSON.stringify({ status: 'failed', message }),
  ]);
});

test('a target without local mode ends local mode on a managed device, and the cloud’s apps return', async () => {
  const { supervisor, pass } = start({ localMode: true });
  expect(supervisor.state.apps).toEqual([]);
  await call(supervisor, `POST ${path}`, local({ 1: app('abc') }, { config: { SUPERVISOR_LOCAL_MODE: '1' } }));
  expect(supervisor.state.localMode).toBe(true);
  await call(supervisor, `POST ${path}`, local({}));
  pass(20_000);
  expect(supervisor.state).toMatchObject({
    localMode: false,
    apps: [{ appId: 1_234_567, containers: [{ status: 'Running' }] }],
  });
});

test.each<[string, unknown, string]>([
  [
    'a service without an image',
    local({ 1: app('abc', service('main', 1, { image: undefined })) }),
    String.raw`Invalid target state.\nExpecting ShortString at 3f2a9c1d.apps.1.0.releases.abc.services.main.0.image but instead got: undefined`,
  ],
  [
    'an invalid configuration',
    local({}, { config: 5 }),
    String.raw`Invalid target state.\nExpecting { [K in ConfigVarName]: string } at 3f2a9c1d.config but instead got: 5`,
  ],
  [
    'an image with an invalid digest',
    local({ 1: app('abc', service('main', 1, { image: 'main@sha256:1' })) }),
    'Invalid image name, expected [domain.tld/]repo/image[:tag][@digest] format, got: main@sha256:1',
  ],
])('%s is rejected and changes nothing', async (_case, body, message) => {
  const { supervisor } = start();
  expect(await call(supervisor, `POST ${path}`, body)).toEqual([
    400,
    json,
    `{"status":"failed","message":"${message}"}`,
  ]);
  expect(supervisor.state.apps).toEqual([]);
});

test('an app with a name that is not a number crashes the Supervisor', async () => {
  const { supervisor } = start();
  await expect(call(supervisor, `POST ${path}`, local({ x: app('abc') }))).rejects.toMatchObject({
    cause: { code: 'ECONNRESET' },
  });
  expect(supervisor.state.outage).toBe('restart');
  await supervisor.finishReboot();
  expect(await call(supervisor, 'GET /ping')).toMatchObject({ 0: 200 });
});

test("an app always has a default network beside others, in name only if its services use the host's", async () => {
  const { supervisor } = start();
  const onHost = service('main', 1, { network_mode: 'host' });
  const named = { ...app('abc', onHost), networks: { other: {} } };
  expect(await call(supervisor, `POST ${path}`, local({ 1: named }))).toEqual(done);
  expect((await wanted(supervisor)).apps['1']).toMatchObject({
    networks: [
      { name: 'other', config: { configOnly: false } },
      { name: 'default', config: { configOnly: true } },
    ],
  });
});
