import { describe, expect, test, vi } from 'vitest';
import { answering, deviceAnswer } from '../../test/answer.js';
import type { FetchLike } from '../transport/fetch-like.js';
import { SupervisorClient } from './supervisor-client.js';
import { isSupervisorError } from '../errors/supervisor-error.js';

const address = 'http://10.114.104.1:48484';
const apiKey = '0123456789abcdef0123456789abcdef';
const deviceJson = JSON.stringify(deviceAnswer);

describe('a request', () => {
  test('is a plain GET with the key in the header', async () => {
    const fetch = answering(200, deviceJson);
    await new SupervisorClient({ address, apiKey, fetch }).device();
    expect(fetch.sent).toEqual([
      {
        url: `${address}/v1/device`,
        method: 'GET',
        headers: { Authorization: `ApiKey ${apiKey}` },
        redirect: 'manual',
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  test('has the key in the URL instead, if configured to', async () => {
    const fetch = answering(200, deviceJson);
    await new SupervisorClient({ address, apiKey: 'a&b=c', apiKeyIn: 'query', fetch }).device();
    expect(fetch.sent).toMatchObject([{ url: `${address}/v1/device?apikey=a%26b%3Dc`, headers: {} }]);
    expect(fetch.sent[0]?.headers).toEqual({});
  });

  test('keeps the path of the address', async () => {
    const fetch = answering(200, 'OK');
    await new SupervisorClient({ address: 'http://proxy:8080/supervisor/', fetch }).ping();
    expect(fetch.sent[0]?.url).toBe('http://proxy:8080/supervisor/ping');
  });

  test.each([
    [{}, { force: false, cancel: false }],
    [{ force: true }, { force: true, cancel: true }],
    [{ cancel: true }, { force: false, cancel: true }],
    [
      { force: true, cancel: false },
      { force: true, cancel: false },
    ],
  ])('of update(%o) says %o in JSON', async (options, body) => {
    const fetch = answering(204);
    await new SupervisorClient({ address, apiKey, fetch }).update(options);
    const [sent] = fetch.sent;
    expect(sent).toMatchObject({ url: `${address}/v1/update`, method: 'POST' });
    expect(sent?.headers['Content-Type']).toBe('application/json');
    expect(JSON.parse(sent?.body ?? '')).toEqual(body);
  });

  test.each([
    [{}, { force: false }],
    [{ force: true }, { force: true }],
  ])('of reboot(%o) says %o in JSON', async (options, body) => {
    const fetch = answering(202, '{"Data":"OK","Error":null}');
    await expect(new SupervisorClient({ address, apiKey, fetch }).reboot(options)).resolves.toBeUndefined();
    expect(fetch.sent).toMatchObject([{ url: `${address}/v1/reboot`, method: 'POST' }]);
    expect(JSON.parse(fetch.sent[0]?.body ?? '')).toEqual(body);
  });

  test.each(['yes', 1, null])(
    'is not sent with a force of %o, which the Supervisor would silently drop',
    async (force) => {
      const fetch = answering(204);
      const client = new SupervisorClient({ address, apiKey, fetch });
      await expect(client.update({ force: force as unknown as boolean })).rejects.toThrow(TypeError);
      await expect(client.reboot({ force: force as unknown as boolean })).rejects.toThrow(
        '`force` must be true or false',
      );
      expect(fetch.sent).toEqual([]);
    },
  );
});

describe('the key', () => {
  const callsWithKey = ['device', 'stateStatus', 'version', 'update', 'reboot'] as const;

  test.each(callsWithKey)('is required by %s, which says so before it sends anything', async (call) => {
    const fetch = answering(200);
    for (const key of [undefined, '', () => '']) {
      await expect(new SupervisorClient({ address, apiKey: key, fetch })[call]()).rejects.toMatchObject({
        code: 'api-key-missing',
        message: expect.stringContaining('io.balena.features.supervisor-api'),
      });
    }
    expect(fetch.sent).toEqual([]);
  });

  test('is not required by ping, which sends it along for Supervisors before 10.3.7', async () => {
    const fetch = answering(200, 'OK');
    await new SupervisorClient({ address, fetch }).ping();
    await new SupervisorClient({ address, apiKey, fetch }).ping();
    expect(fetch.sent.map(({ headers }) => headers)).toEqual([{}, { Authorization: `ApiKey ${apiKey}` }]);
  });

  test('can be omitted for a Supervisor in local mode', async () => {
    const fetch = answering(200, deviceJson);
    await new SupervisorClient({ address, withoutKey: true, fetch }).device();
    expect(fetch.sent[0]?.headers).toEqual({});
  });

  test('that was omitted is named as the cause of a 401', async () => {
    const client = new SupervisorClient({ address, withoutKey: true, fetch: answering(401, 'Unauthorized') });
    await expect(client.device()).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('none was sent'),
    });
  });

  test('is requested at each call, so that it may change', async () => {
    const keys = ['one', 'two'];
    const fetch = answering(200, deviceJson);
    const client = new SupervisorClient({ address, apiKey: () => keys.shift() ?? '', fetch });
    await client.device();
    await client.device();
    expect(fetch.sent.map(({ headers }) => headers['Authorization'])).toEqual(['ApiKey one', 'ApiKey two']);
  });

  test.each(['secret\n', 'sec ret', 'sec\r\nX: ret', 'sécret', '\u0000'])(
    'that cannot be written in a header (%j) is rejected without being shown or sent',
    async (bad) => {
      expect(() => new SupervisorClient({ address, apiKey: bad })).toThrow(TypeError);
      const fetch = answering(200);
      const error: unknown = await new SupervisorClient({ address, apiKey: () => bad, fetch }).device().catch((e) => e);
      expect(error).toMatchObject({ code: 'api-key-invalid' });
      expect(String(error)).not.toContain(bad);
      expect(String(error)).not.toContain('sec');
      expect(fetch.sent).toEqual([]);
    },
  );
});

describe('options', () => {
  test.each([
    ['10.114.104.1:48484', 'is not a URL'],
    ['localhost:48484', 'must start with http://'],
    ['unix:///run/supervisor.sock', 'must start with http://'],
    ['', 'is not a URL'],
    [undefined, 'must be an http URL'],
    ['http://user:hunter2@host:48484', 'must not contain a user name or password'],
    ['http://host:48484/?apikey=hunter2', 'must not contain "?"'],
  ])('reject the address %j: it %s', (bad, words) => {
    const make = () => new SupervisorClient({ address: bad as string });
    expect(make).toThrow(TypeError);
    expect(make).toThrow(`\`address\` ${words}`);
    expect(make).not.toThrow('hunter2');
  });

  test('accept an address as URL, and show it', () => {
    expect(new SupervisorClient({ address: new URL(address) }).address).toBe(address);
  });

  test.each([
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs'],
    [{ timeoutMs: 2 ** 31 }, 'timeoutMs'],
    [{ timeoutMs: '100' }, 'timeoutMs'],
    [{ apiKey: 7 }, 'apiKey'],
    [{ apiKey, withoutKey: true }, 'cannot be combined'],
    [{ withoutKey: 'yes' }, 'withoutKey'],
    [{ apiKeyIn: 'cookie' }, 'apiKeyIn'],
    [{ fetch: 'ky' }, 'fetch'],
  ])('reject %o', (bad, words) => {
    expect(() => new SupervisorClient({ address, ...(bad as object) })).toThrow(TypeError);
    expect(() => new SupervisorClient({ address, ...(bad as object) })).toThrow(words);
  });

  test('reject an invalid deadline of a single call', async () => {
    await expect(new SupervisorClient({ address }).ping({ timeoutMs: -1 })).rejects.toThrow(TypeError);
  });
});

describe('fromEnv', () => {
  test('reads address and key from the variables that balenaOS sets', async () => {
    const fetch = answering(200, deviceJson);
    const environment = { BALENA_SUPERVISOR_ADDRESS: address, BALENA_SUPERVISOR_API_KEY: apiKey };
    await SupervisorClient.fromEnv(environment, { fetch }).device();
    expect(fetch.sent).toMatchObject([{ url: `${address}/v1/device`, headers: { Authorization: `ApiKey ${apiKey}` } }]);
  });

  test('falls back to the older names if the newer ones are unset or empty', async () => {
    const fetch = answering(200, deviceJson);
    const environment = {
      BALENA_SUPERVISOR_ADDRESS: '',
      RESIN_SUPERVISOR_ADDRESS: 'http://172.17.0.1:48484',
      RESIN_SUPERVISOR_API_KEY: 'older',
    };
    await SupervisorClient.fromEnv(environment, { fetch }).device();
    expect(fetch.sent).toMatchObject([
      { url: 'http://172.17.0.1:48484/v1/device', headers: { Authorization: 'ApiKey older' } },
    ]);
  });

  test('reads the environment of the process', () => {
    vi.stubEnv('BALENA_SUPERVISOR_ADDRESS', 'http://127.0.0.1:9');
    expect(SupervisorClient.fromEnv().address).toBe('http://127.0.0.1:9');
    vi.unstubAllEnvs();
  });

  test('omits the key on request', async () => {
    const fetch = answering(200, deviceJson);
    const environment = { BALENA_SUPERVISOR_ADDRESS: address, BALENA_SUPERVISOR_API_KEY: apiKey };
    await SupervisorClient.fromEnv(environment, { withoutKey: true, fetch }).device();
    expect(fetch.sent[0]?.headers).toEqual({});
  });

  test.each([
    ['without an address', {}, 'not-configured', 'io.balena.features.supervisor-api'],
    [
      'with an invalid address',
      { RESIN_SUPERVISOR_ADDRESS: 'host' },
      'not-configured',
      'RESIN_SUPERVISOR_ADDRESS is not a URL',
    ],
    [
      'with a key that cannot be sent',
      { BALENA_SUPERVISOR_ADDRESS: address, BALENA_SUPERVISOR_API_KEY: 'hunter2\n' },
      'api-key-invalid',
      'BALENA_SUPERVISOR_API_KEY: ',
    ],
  ])('says what is wrong %s', (_name, environment, code, words) => {
    let thrown: unknown;
    try {
      SupervisorClient.fromEnv(environment);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toSatisfy(isSupervisorError);
    expect(thrown).toMatchObject({ code, message: expect.stringContaining(words) });
    expect(String(thrown)).not.toContain('hunter2');
  });

  test('leaves it to the calls to report a missing key', async () => {
    const client = SupervisorClient.fromEnv({ BALENA_SUPERVISOR_ADDRESS: address });
    await expect(client.version()).rejects.toMatchObject({ code: 'api-key-missing', endpoint: 'GET /v2/version' });
  });
});

describe('a deadline', () => {
  const never: FetchLike = async () => new Promise(() => {});

  test('is 15 s for a read, 30 s for a change, and 120 s if containers must stop before the answer', async () => {
    vi.useFakeTimers();
    try {
      const client = new SupervisorClient({ address, apiKey, fetch: never });
      const other = new SupervisorClient({ address, apiKey, fetch: never });
      const calls = [client.device(), client.update(), other.reboot()].map(async (call) =>
        call.catch((e: unknown) => e),
      );
      await vi.advanceTimersByTimeAsync(15_000);
      expect(vi.getTimerCount()).toBe(2);
      await vi.advanceTimersByTimeAsync(15_000);
      expect(vi.getTimerCount()).toBe(1);
      await vi.advanceTimersByTimeAsync(90_000);
      expect(await Promise.all(calls)).toMatchObject([
        { code: 'timeout', message: expect.stringContaining('within 15000 ms') },
        { code: 'timeout', message: expect.stringContaining('within 30000 ms') },
        { code: 'timeout', message: expect.stringContaining('within 120000 ms') },
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  test('of the call takes precedence over that of the client, which takes precedence over that of the kind', async () => {
    const client = new SupervisorClient({ address, apiKey, timeoutMs: 20, fetch: never });
    await expect(client.reboot()).rejects.toThrow('within 20 ms');
    await expect(client.reboot({ timeoutMs: 10 })).rejects.toThrow('within 10 ms');
  });

  test('leaves no timer behind an answered call', async () => {
    vi.useFakeTimers();
    try {
      await new SupervisorClient({ address, fetch: answering(200, 'OK') }).ping();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('applies to a body too, which is cancelled even if the transport ignores its signal', async () => {
    const body = {
      next: async () => new Promise<never>(() => {}),
      return: vi.fn<() => Promise<never>>().mockRejectedValue(new Error('cannot end')),
    };
    const endless: FetchLike = async () => ({
      status: 200,
      headers: { get: () => null },
      body: { [Symbol.asyncIterator]: () => body },
    });
    const client = new SupervisorClient({ address, fetch: endless, timeoutMs: 10 });
    await expect(client.ping()).rejects.toMatchObject({ code: 'timeout' });
    expect(body.return).toHaveBeenCalledOnce();
  });
});

describe("the caller's signal", () => {
  test('prevents the call if it has already aborted', async () => {
    const fetch = answering(200, 'OK');
    const reason = new Error('not now');
    const client = new SupervisorClient({ address, fetch });
    await expect(client.ping({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(fetch.sent).toEqual([]);
  });

  test('keeps no listener of a call that has ended', async () => {
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const add = vi.spyOn(signal, 'addEventListener');
    await new SupervisorClient({ address, fetch: answering(200, 'OK') }).ping({ signal });
    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
    expect(remove.mock.calls[0]?.[1]).toBe(add.mock.calls[0]?.[1]);
  });
});

test('a transport that throws synchronously is a failed connection, not a crash', async () => {
  const broken: FetchLike = () => {
    throw new RangeError('boom');
  };
  await expect(new SupervisorClient({ address, fetch: broken, retry: false }).ping()).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('(RangeError)'),
  });
});
