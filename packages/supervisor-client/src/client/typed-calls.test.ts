import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answering } from '../../test/answer.js';
import { SupervisorClient } from './supervisor-client.js';

const address = 'http://10.114.104.1:48484';
const apiKey = '0123456789abcdef0123456789abcdef';

interface Example {
  call: (client: SupervisorClient) => Promise<unknown>;
  /** Method, path and body, as they are sent. */
  sends: string;
  answer: [status: number, body: unknown];
  result?: unknown;
}

const success = { status: 'success' };
const containerId = 'e95964e01b5847dd212f19c860e6ffb3382de0eebc290f067736425b2e2d2b90';

/** Each call with the answer that a Supervisor 19.0.5 gives to it. */
const examples: Record<string, Example> = {
  isHealthy: { call: (c) => c.isHealthy(), sends: 'GET /v1/healthy', answer: [200, 'OK'], result: true },
  'isHealthy, of an unhealthy one': {
    call: (c) => c.isHealthy(),
    sends: 'GET /v1/healthy',
    answer: [500, 'Unhealthy'],
    result: false,
  },
  capabilities: {
    call: async (c) => {
      const { updateCancel, setTags, journalLogs } = await c.capabilities();
      return { updateCancel, setTags, journalLogs };
    },
    sends: 'GET /v2/version',
    answer: [200, { ...success, version: '17.1.0' }],
    result: { updateCancel: true, setTags: false, journalLogs: true },
  },
  shutdown: {
    call: (c) => c.shutdown(),
    sends: 'POST /v1/shutdown {"force":false}',
    answer: [202, { Data: 'OK', Error: null }],
  },
  'shutdown by force': {
    call: (c) => c.shutdown({ force: true }),
    sends: 'POST /v1/shutdown {"force":true}',
    answer: [202, { Data: 'OK', Error: null }],
  },
  blink: { call: (c) => c.blink(), sends: 'POST /v1/blink {}', answer: [200, 'OK'] },
  'blink, by an older one': { call: (c) => c.blink(), sends: 'POST /v1/blink {}', answer: [200, ''] },
  regenerateApiKey: {
    call: (c) => c.regenerateApiKey(),
    sends: 'POST /v1/regenerate-api-key {}',
    answer: [200, '55555555555555555555555555555555'],
    result: '55555555555555555555555555555555',
  },
  deviceName: {
    call: (c) => c.deviceName(),
    sends: 'GET /v2/device/name',
    answer: [200, { ...success, deviceName: 'holy-wildflower' }],
    result: 'holy-wildflower',
  },
  vpn: {
    call: (c) => c.vpn(),
    sends: 'GET /v2/device/vpn',
    answer: [200, { ...success, vpn: { enabled: true, connected: false } }],
    result: { enabled: true, connected: false },
  },
  cleanUpVolumes: { call: (c) => c.cleanUpVolumes(), sends: 'GET /v2/cleanup-volumes', answer: [200, success] },
  containers: {
    call: (c) => c.containers(),
    sends: 'GET /v2/containerId',
    answer: [200, { ...success, services: { main: containerId, gone: null, toString: 'abc' } }],
    result: [
      { serviceName: 'main', containerId },
      { serviceName: 'toString', containerId: 'abc' },
    ],
  },
  containerId: {
    call: (c) => c.containerId('data & logs'),
    sends: 'GET /v2/containerId?serviceName=data+%26+logs',
    answer: [200, { ...success, containerId }],
    result: containerId,
  },
  'tags.list': {
    call: (c) => c.tags.list(),
    sends: 'GET /v2/device/tags',
    answer: [200, { ...success, tags: [{ id: 188303, name: 'DeviceLocation', value: 'warehouse #3' }, { id: 'x' }] }],
    result: [{ id: 188303, name: 'DeviceLocation', value: 'warehouse #3' }],
  },
  'tags.set': {
    call: (c) => c.tags.set({ place: 'shed', empty: '' }),
    sends: 'PATCH /v2/device/tags {"place":"shed","empty":""}',
    answer: [202, success],
  },
  'hostConfig.read': {
    call: (c) => c.hostConfig.read(),
    sends: 'GET /v1/device/host-config',
    answer: [
      200,
      {
        network: {
          hostname: '3f2a9c1',
          proxy: {
            type: 'http-connect',
            ip: 'myproxy.example.com',
            port: '8123',
            login: 'username',
            password: 'password',
            dns: '1.1.1.1:53',
            noProxy: ['152.10.30.4', '253.1.1.0/16'],
          },
        },
      },
    ],
    result: {
      hostname: '3f2a9c1',
      proxy: {
        type: 'http-connect',
        ip: 'myproxy.example.com',
        port: 8123,
        login: 'username',
        password: 'password',
        dns: '1.1.1.1:53',
        noProxy: ['152.10.30.4', '253.1.1.0/16'],
      },
    },
  },
  'hostConfig.read, of a partial proxy': {
    call: (c) => c.hostConfig.read(),
    sends: 'GET /v1/device/host-config',
    answer: [200, { network: { hostname: 'gate', proxy: { noProxy: ['10.0.0.1'], port: 'many' } } }],
    result: { hostname: 'gate', proxy: { noProxy: ['10.0.0.1'] } },
  },
  'hostConfig.read, without a proxy': {
    call: (c) => c.hostConfig.read(),
    sends: 'GET /v1/device/host-config',
    answer: [200, { network: { hostname: 'gate', proxy: {} } }],
    result: { hostname: 'gate' },
  },
  'hostConfig.change': {
    call: (c) => c.hostConfig.change({ hostname: 'gate', proxy: { type: 'socks5', ip: '10.0.0.1', port: 1080 } }),
    sends:
      'PATCH /v1/device/host-config {"network":{"hostname":"gate","proxy":{"type":"socks5","ip":"10.0.0.1","port":1080}},"force":false}',
    answer: [200, 'OK'],
  },
  'hostConfig.change by force, which is sent beside `network`': {
    call: (c) => c.hostConfig.change({ proxy: {} }, { force: true }),
    sends: 'PATCH /v1/device/host-config {"network":{"proxy":{}},"force":true}',
    answer: [200, 'OK'],
  },
  'apps.list': {
    call: (c) => c.apps.list(),
    sends: 'GET /v2/applications/state',
    answer: [
      200,
      {
        myfleet: {
          appId: 77,
          appUuid: 'd149',
          commit: 'c3c3',
          updateStatus: 'applying changes',
          services: {
            main: { status: 'Downloading', image: 'registry/main', downloadProgress: 100, releaseId: 557620 },
            other: { status: 'Running', downloadProgress: null, releaseId: 557620 },
            odd: { status: 'Running' },
          },
        },
        older: { appId: 78, commit: 'abcd', services: {} },
        odd: { appId: '79' },
      },
    ],
    result: [
      {
        name: 'myfleet',
        appId: 77,
        appUuid: 'd149',
        commit: 'c3c3',
        updateStatus: 'applying changes',
        services: [
          {
            name: 'main',
            status: 'Downloading',
            image: 'registry/main',
            downloadProgressPercent: 100,
            releaseId: 557620,
          },
          { name: 'other', status: 'Running', releaseId: 557620 },
        ],
      },
      { name: 'older', appId: 78, commit: 'abcd', services: [] },
    ],
  },
  'apps.list, without apps': {
    call: (c) => c.apps.list(),
    sends: 'GET /v2/applications/state',
    answer: [200, {}],
    result: [],
  },
  'app().state': {
    call: (c) => c.app(77).state(),
    sends: 'GET /v2/applications/77/state',
    answer: [
      200,
      {
        commit: '414e',
        local: {
          77: {
            services: {
              959262: { status: 'Deleting', releaseId: 557617 },
              959265: { status: 'Downloading', releaseId: 557620, download_progress: 12 },
            },
          },
        },
      },
    ],
    result: {
      appId: 77,
      commit: '414e',
      images: [
        { imageId: 959262, status: 'Deleting', releaseId: 557617 },
        { imageId: 959265, status: 'Downloading', releaseId: 557620, downloadProgressPercent: 12 },
      ],
    },
  },
  'app().restart': {
    call: (c) => c.app(77).restart(),
    sends: 'POST /v2/applications/77/restart {"force":false}',
    answer: [200, 'OK'],
  },
  'app().purge': {
    call: (c) => c.app(77).purge({ force: true }),
    sends: 'POST /v2/applications/77/purge {"force":true}',
    answer: [200, 'OK'],
  },
  'service().start': {
    call: (c) => c.app(77).service('main').start(),
    sends: 'POST /v2/applications/77/start-service {"serviceName":"main"}',
    answer: [200, 'OK'],
  },
  'service().stop': {
    call: (c) => c.app(77).service('main').stop({ force: true }),
    sends: 'POST /v2/applications/77/stop-service {"serviceName":"main","force":true}',
    answer: [200, 'OK'],
  },
  'service().restart, by its image': {
    call: (c) => c.app(77).service({ imageId: 501 }).restart(),
    sends: 'POST /v2/applications/77/restart-service {"imageId":501,"force":false}',
    answer: [200, 'OK'],
  },
  'singleContainerApp().read': {
    call: (c) => c.singleContainerApp(77).read(),
    sends: 'GET /v1/apps/77',
    answer: [
      200,
      {
        appId: 77,
        commit: '414e',
        containerId,
        env: { FOO: 'bar', BALENA: '1', odd: null },
        imageId: 'sha256:b24f',
        releaseId: 557617,
      },
    ],
    result: {
      appId: 77,
      commit: '414e',
      containerId,
      env: { FOO: 'bar', BALENA: '1' },
      image: 'sha256:b24f',
      releaseId: 557617,
    },
  },
  'singleContainerApp().start': {
    call: (c) => c.singleContainerApp(77).start(),
    sends: 'POST /v1/apps/77/start {}',
    answer: [200, { containerId }],
    result: { containerId },
  },
  'singleContainerApp().stop, without a container': {
    call: (c) => c.singleContainerApp(77).stop(),
    sends: 'POST /v1/apps/77/stop {"force":false}',
    answer: [200, { containerId: null }],
    result: {},
  },
  'singleContainerApp().restart': {
    call: (c) => c.singleContainerApp(77).restart({ force: true }),
    sends: 'POST /v1/restart {"appId":77,"force":true}',
    answer: [200, 'OK'],
  },
  'singleContainerApp().purge': {
    call: (c) => c.singleContainerApp(77).purge(),
    sends: 'POST /v1/purge {"appId":77,"force":false}',
    answer: [200, { Data: 'OK', Error: '' }],
  },
  'local.deviceInfo': {
    call: (c) => c.local.deviceInfo(),
    sends: 'GET /v2/local/device-info',
    answer: [200, { ...success, info: { arch: 'amd64', deviceType: 'intel-nuc' } }],
    result: { arch: 'amd64', deviceType: 'intel-nuc' },
  },
  'local.targetState': {
    call: (c) => c.local.targetState(),
    sends: 'GET /v2/local/target-state',
    answer: [200, { ...success, state: { local: { name: 'Home', config: { A: '1' }, apps: { 1: { appId: 1 } } } } }],
    result: { name: 'Home', config: { A: '1' }, apps: { 1: { appId: 1 } } },
  },
  'local.setTargetState': {
    call: (c) => c.local.setTargetState({ name: 'Home', config: {}, apps: {} }),
    sends: 'POST /v2/local/target-state {"local":{"name":"Home","config":{},"apps":{}},"force":false}',
    answer: [200, { ...success, message: 'OK' }],
  },
  request: {
    call: (c) => c.request({ method: 'POST', path: '/v3/new', query: { a: 'b' }, body: [1] }),
    sends: 'POST /v3/new?a=b [1]',
    answer: [201, 'made'],
    result: { status: 201, contentType: 'text/html; charset=utf-8', text: 'made' },
  },
  'request, without a body': {
    call: (c) => c.request({ method: 'PATCH', path: '/v3/new' }),
    sends: 'PATCH /v3/new {}',
    answer: [204, ''],
    result: { status: 204, contentType: 'text/html; charset=utf-8', text: '' },
  },
};

describe.each(Object.entries(examples))('%s', (_name, { call, sends, answer: [status, body], result }) => {
  // Of the content types of a Supervisor nothing is to be had.
  const fetch = answering(status, typeof body === 'string' ? body : JSON.stringify(body), 'text/html; charset=utf-8');
  const client = new SupervisorClient({ address, apiKey, fetch });

  test('sends one request, and returns its result', async () => {
    await expect(call(client)).resolves.toStrictEqual(result);
    expect(
      fetch.sent.map((sent) => `${sent.method} ${sent.url.slice(address.length)} ${sent.body ?? ''}`.trim()),
    ).toEqual([sends]);
    expect(fetch.sent[0]?.headers).toEqual({
      Authorization: `ApiKey ${apiKey}`,
      ...(fetch.sent[0]?.method === 'GET' ? {} : { 'Content-Type': 'application/json' }),
    });
  });
});

describe('an answer that names an app other than the requested one', () => {
  const stateOf = (releaseId: number) => ({ services: { [releaseId]: { status: 'Running', releaseId } } });
  const client = (body: unknown) =>
    new SupervisorClient({ address, apiKey, fetch: answering(200, JSON.stringify(body)) });

  test('is not taken for its state, which is picked from those of all apps', async () => {
    const all = {
      commit: 'of-the-device',
      local: { 1: stateOf(11), 144: stateOf(22), 1440: stateOf(33) },
      dependent: {},
    };
    await expect(client(all).app(144).state()).resolves.toStrictEqual({
      appId: 144,
      images: [{ imageId: 22, status: 'Running', releaseId: 22 }],
    });
  });

  test.each<[string, object, string]>([
    ['one other app', { 1: stateOf(11) }, 'the answer lists app 1.'],
    ['several other apps', { 1: stateOf(11), 14: stateOf(22) }, 'the answer lists app 1, 14.'],
    ['no app', {}, 'the answer lists none.'],
  ])('is `not-found`, and says so, if the answer is about %s', async (_told, local, words) => {
    await expect(client({ commit: 'c0', local }).app(144).state()).rejects.toMatchObject({
      code: 'not-found',
      status: 200,
      endpoint: 'GET /v2/applications/144/state',
      message: expect.stringContaining(words),
    });
  });

  test.each<[string, unknown]>([
    ['is not an object', 'gone'],
    ['is null', null],
  ])('is distinguished from one whose app %s, which no Supervisor sends', async (_what, app) => {
    await expect(
      client({ local: { 144: app } })
        .app(144)
        .state(),
    ).rejects.toMatchObject({
      code: 'unexpected-response',
      message: expect.stringContaining('local.144'),
    });
  });

  test('is not taken for its container and environment either', async () => {
    const body = { appId: 1, containerId, env: { SECRET: 'of-app-1' }, imageId: 'sha256:b24f', releaseId: 11 };
    const reading = client(body).singleContainerApp(144).read();
    await expect(reading).rejects.toMatchObject({ code: 'not-found', endpoint: 'GET /v1/apps/144' });
    await expect(client(body).singleContainerApp(1).read()).resolves.toMatchObject({ appId: 1 });
  });

  test('is the state of the requested app or `not-found`, for any apps in any order', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(ids, fc.integer({ min: 1, max: 30 }), async (told, asked) => {
        const local = Object.fromEntries(told.map((id) => [id, stateOf(id * 100)]));
        const outcome = await client({ local })
          .app(asked)
          .state()
          .catch((error: unknown) => error);
        expect(outcome).toMatchObject(
          told.includes(asked)
            ? { appId: asked, images: [{ imageId: asked * 100 }] }
            : { code: 'not-found', endpoint: `GET /v2/applications/${asked}/state` },
        );
      }),
    );
  });
});

test('an invalid Supervisor version says nothing about its capabilities', async () => {
  const fetch = answering(200, JSON.stringify({ version: 'banana' }));
  await expect(new SupervisorClient({ address, apiKey, fetch }).capabilities()).rejects.toMatchObject({
    code: 'unexpected-response',
    endpoint: 'GET /v2/version',
  });
});

describe('an app', () => {
  const fetch = answering(200, 'OK');

  test('defaults to that of the environment', async () => {
    const environment = { BALENA_SUPERVISOR_ADDRESS: address, BALENA_SUPERVISOR_API_KEY: apiKey };
    const client = SupervisorClient.fromEnv({ ...environment, BALENA_APP_ID: '77', RESIN_APP_ID: '78' }, { fetch });
    expect(client.app().appId).toBe(77);
    expect(client.singleContainerApp().appId).toBe(77);
    expect(client.app(5).appId).toBe(5);
    const older = SupervisorClient.fromEnv({ ...environment, RESIN_APP_ID: '78' }, { fetch });
    expect(older.app().appId).toBe(78);
    const named = SupervisorClient.fromEnv({ ...environment, BALENA_APP_ID: '77' }, { fetch, appId: 9 });
    expect(named.app().appId).toBe(9);
  });

  test.each([undefined, '', 'abc', '0', '-1', '1.5'])(
    'is reported missing when it is required, with %j as its ID',
    (id) => {
      const client = SupervisorClient.fromEnv({ BALENA_SUPERVISOR_ADDRESS: address, BALENA_APP_ID: id });
      for (const open of [() => client.app(), () => client.singleContainerApp()]) {
        expect(open).toThrow(expect.objectContaining({ code: 'not-configured' }));
        expect(open).toThrow('BALENA_APP_ID');
      }
    },
  );

  test('is named in the errors of its calls', async () => {
    const client = new SupervisorClient({ address, apiKey, appId: 77, fetch: answering(503, '{"message":"no"}') });
    await expect(client.app().restart()).rejects.toMatchObject({ endpoint: 'POST /v2/applications/77/restart' });
  });
});

describe('a new key', () => {
  const newKey = '55555555555555555555555555555555';
  const keysSent = (fetch: ReturnType<typeof answering>) => fetch.sent.map(({ headers }) => headers['Authorization']);

  test('is used from then on, even by a queued write', async () => {
    const fetch = answering(200, newKey);
    const client = new SupervisorClient({ address, apiKey, fetch });
    await Promise.all([client.regenerateApiKey(), client.blink()]);
    expect(keysSent(fetch)).toEqual([`ApiKey ${apiKey}`, `ApiKey ${newKey}`]);
  });

  test('is not adopted by a client whose key comes from elsewhere', async () => {
    const fetch = answering(200, newKey);
    const client = new SupervisorClient({ address, apiKey: () => apiKey, fetch });
    await client.regenerateApiKey();
    await client.blink();
    expect(keysSent(fetch)).toEqual([`ApiKey ${apiKey}`, `ApiKey ${apiKey}`]);
    const keyless = new SupervisorClient({ address, withoutKey: true, fetch });
    await keyless.regenerateApiKey();
    await keyless.blink();
    expect(keysSent(fetch).slice(2)).toEqual([undefined, undefined]);
  });
});
