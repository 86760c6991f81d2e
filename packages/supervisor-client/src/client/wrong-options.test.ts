import { describe, expect, test } from 'vitest';
import { answering } from '../../test/answer.js';
import { SupervisorClient } from './supervisor-client.js';

const address = 'http://10.114.104.1:48484';

/** As a caller without types would, or with a value that came from elsewhere. */
function any(value: unknown): never {
  return value as never;
}

describe('a value that the Supervisor would misread is rejected before it is sent', () => {
  const wrong: [what: string, call: (client: SupervisorClient) => unknown, words: string][] = [
    ...[0, -1, 1.5, Number.NaN, Infinity, 2 ** 53, '77'].map((appId): (typeof wrong)[number] => [
      `app(${String(appId)})`,
      (c) => c.app(any(appId)),
      '`appId`',
    ]),
    ['app(null), which is not its own app', (c) => c.app(any(null)), '`appId`'],
    ['singleContainerApp("77")', (c) => c.singleContainerApp(any('77')), '`appId`'],
    ['service("")', (c) => c.app(7).service(''), '`serviceName`'],
    ['service(" ")', (c) => c.app(7).service(' '), '`serviceName`'],
    ['service(7)', (c) => c.app(7).service(any(7)), '`serviceName`'],
    ['service(null)', (c) => c.app(7).service(any(null)), '`serviceName`'],
    ['service({})', (c) => c.app(7).service(any({})), '`imageId`'],
    ['service({ imageId: "5" })', (c) => c.app(7).service({ imageId: any('5') }), '`imageId`'],
    ['containerId("")', (c) => c.containerId(''), '`serviceName`'],
    ['a tag key with a space', (c) => c.tags.set({ 'a b': 'x' }), '"a b"'],
    ['a tag key with a line break', (c) => c.tags.set({ 'a\nb': 'x' }), '"a\\nb"'],
    ['an empty tag key', (c) => c.tags.set({ '': 'x' }), '""'],
    ['a tag value that is a number', (c) => c.tags.set({ a: any(1) }), '"a"'],
    ['a list of tags', (c) => c.tags.set(any(['a'])), '`tags`'],
    ['no tags', (c) => c.tags.set(any(null)), '`tags`'],
    [
      'a proxy without a type',
      (c) => c.hostConfig.change({ proxy: { type: any('http') } }),
      'socks4, socks5, http-connect',
    ],
    ['port 0', (c) => c.hostConfig.change({ proxy: { port: 0 } }), '`proxy.port`'],
    ['port 65536', (c) => c.hostConfig.change({ proxy: { port: 65_536 } }), '`proxy.port`'],
    ['port "8080"', (c) => c.hostConfig.change({ proxy: { port: any('8080') } }), '`proxy.port`'],
    ['noProxy as a text', (c) => c.hostConfig.change({ proxy: { noProxy: any('10.0.0.1') } }), '`proxy.noProxy`'],
    ['noProxy with a line break', (c) => c.hostConfig.change({ proxy: { noProxy: ['a\nb'] } }), '`proxy.noProxy`'],
    ['dns without a port', (c) => c.hostConfig.change({ proxy: { dns: '1.1.1.1' } }), '`proxy.dns`'],
    ['dns as a number', (c) => c.hostConfig.change({ proxy: { dns: any(53) } }), '`proxy.dns`'],
    ['an empty address', (c) => c.hostConfig.change({ proxy: { ip: '' } }), '`proxy.ip`'],
    ['a password over two lines', (c) => c.hostConfig.change({ proxy: { password: 'a\n}' } }), '`proxy.password`'],
    ['an invalid hostname', (c) => c.hostConfig.change({ hostname: any(5) }), '`hostname`'],
    ['a misspelt option', (c) => c.hostConfig.change({ proxy: any({ noproxy: [] }) }), '`proxy.noproxy`'],
    ['a member that every object inherits', (c) => c.hostConfig.change(any({ toString: 'x' })), '`toString`'],
    ['force inside the change', (c) => c.hostConfig.change(any({ hostname: 'a', force: true })), '`force`'],
    ['a proxy that is a text', (c) => c.hostConfig.change({ proxy: any('socks5') }), '`proxy`'],
    ['no change', (c) => c.hostConfig.change(any(undefined)), 'must be an object'],
    ['force as a text', (c) => c.app(7).restart({ force: any('true') }), '`force`'],
    [
      'force as a text, for a service',
      (c) =>
        c
          .app(7)
          .service('a')
          .stop({ force: any(1) }),
      '`force`',
    ],
    ['force as a text, for the host', (c) => c.hostConfig.change({}, { force: any('yes') }), '`force`'],
    ['a target that is a list', (c) => c.local.setTargetState(any([])), 'must be an object'],
    ['a target without apps', (c) => c.local.setTargetState(any({ config: {} })), '`apps`'],
    ['a path without a slash', (c) => c.request({ method: 'GET', path: 'v1/device' }), '`path`'],
    ['a path with a query', (c) => c.request({ method: 'GET', path: '/v1/device?a=b' }), '`path`'],
    ['a path with a space', (c) => c.request({ method: 'GET', path: '/v1/de vice' }), '`path`'],
    ['another method', (c) => c.request({ method: any('DELETE'), path: '/v1' }), '`method`'],
    ['a key beside the client', (c) => c.request({ method: 'GET', path: '/v1', query: { apiKey: 'x' } }), '`query`'],
    ['a query of numbers', (c) => c.request({ method: 'GET', path: '/v1', query: any({ a: 1 }) }), '`query`'],
    ['a query of pairs', (c) => c.request({ method: 'GET', path: '/v1', query: any(['ab']) }), '`query`'],
    [
      'a key in a query of its own class',
      (c) => c.request({ method: 'GET', path: '/v1', query: any(new URLSearchParams({ apikey: 'x' })) }),
      '`query`',
    ],
    ['a query that is a map', (c) => c.request({ method: 'GET', path: '/v1', query: any(new Map()) }), '`query`'],
    ['a GET with a body', (c) => c.request({ method: 'GET', path: '/v1', body: {} }), '`body`'],
    ['a body that is not JSON', (c) => c.request({ method: 'POST', path: '/v1', body: 1n }), '`body`'],
    ['another effect', (c) => c.request({ method: 'GET', path: '/v1', effect: any('none') }), '`effect`'],
    ['a stream without a path', (c) => c.stream({ method: 'GET', path: '' }), '`path`'],
    [
      'a stream with an invalid time-out',
      (c) => c.stream({ method: 'GET', path: '/' }, { connectTimeoutMs: 0 }),
      'connectTimeoutMs',
    ],
  ];

  test.each(wrong)('%s', async (_what, call, words) => {
    const fetch = answering(200, 'OK');
    const client = new SupervisorClient({ address, apiKey: 'key', fetch });
    const thrown: unknown = await Promise.resolve()
      .then(() => call(client))
      .then(
        () => expect.unreachable('the call must fail'),
        (error: unknown) => error,
      );
    expect(thrown).toBeInstanceOf(TypeError);
    expect(String(thrown)).toContain(words);
    expect(fetch.sent).toEqual([]);
  });
});

test.each([
  { hostname: '' },
  { hostname: 'gate', proxy: undefined },
  { proxy: {} },
  { proxy: { noProxy: [], dns: true } },
  { proxy: { dns: false, login: '', port: 65_535 } },
  { proxy: { dns: '[fd00::1]:53', type: 'http-relay' as const, ip: 'proxy.lan', port: 1 } },
])('a valid change of the host is sent: %o', async (change) => {
  const fetch = answering(200, 'OK');
  await new SupervisorClient({ address, apiKey: 'key', fetch }).hostConfig.change(change);
  expect(JSON.parse(fetch.sent[0]?.body ?? '')).toEqual({ network: change, force: false });
});

describe('the option `retry`', () => {
  test.each([
    [any('yes'), 'retry'],
    [any(null), 'retry'],
    [{ maxAttempts: 0 }, 'retry.maxAttempts'],
    [{ maxAttempts: 1.5 }, 'retry.maxAttempts'],
    [{ firstDelayMs: 0 }, 'retry.firstDelayMs'],
    [{ firstDelayMs: Number.NaN }, 'retry.firstDelayMs'],
    [{ maxDelayMs: Infinity }, 'retry.maxDelayMs'],
    [{ maxDelayMs: any('1000') }, 'retry.maxDelayMs'],
  ])('is rejected as %o', (retry, words) => {
    expect(() => new SupervisorClient({ address, retry })).toThrow(TypeError);
    expect(() => new SupervisorClient({ address, retry })).toThrow(words);
  });
});

describe('a misleading address', () => {
  test.each([
    ['http://127.0.0.1:0', /port 0/],
    ['http://127.0.0.1:000/', /port 0/],
    [new URL('http://127.0.0.1:0'), /port 0/],
    ['http://127.0.0.1:', /no port/],
    ['http:127.0.0.1:48484', /no host/],
    ['http:///127.0.0.1:48484', /no host/],
    ['http://1:48484', /four decimal numbers/],
    ['http://0x7f.1:48484', /four decimal numbers/],
    ['http://127.0.0.1.:48484', /ends with a dot/],
    ['http://local%68ost:48484', /converted to others/],
    ['http://supervisor\u3002example', /converted to others/],
    [' http://127.0.0.1:48484', /space/],
    ['http://127.0.0.1:48484\r', /control character/],
    ['http:\\\\127.0.0.1:48484', /backslash/],
    ['http://127.0.0.1:48484/a/%2e./b', /"\." or "\.\." segment/],
  ])('is rejected as an option and in the environment: %s', (given, words) => {
    expect(() => new SupervisorClient({ address: given, apiKey: 'key' })).toThrow(TypeError);
    expect(() => new SupervisorClient({ address: given, apiKey: 'key' })).toThrow(words);
    const environment = { BALENA_SUPERVISOR_ADDRESS: String(given), BALENA_SUPERVISOR_API_KEY: 'key' };
    expect(() => SupervisorClient.fromEnv(environment)).toThrow(words);
  });

  test.each([
    'http://127.0.0.1:48484',
    'http://[fd00::1]:48484/v',
    'HTTP://Supervisor_1.local',
    new URL('http://10.0.0.1'),
  ])('is not %s', (given) => expect(() => new SupervisorClient({ address: given })).not.toThrow());
});
