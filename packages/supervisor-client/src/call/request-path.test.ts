import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answering } from '../../test/answer.js';
import { findEndpoint } from '../endpoints/endpoints.js';
import { assertPath } from './request-path.js';
import { SupervisorClient } from '../client/supervisor-client.js';

const write = '/v2/cleanup-volumes';

describe('a path that could be read as another one', () => {
  test.each<[string, string | RegExp]>([
    ['/v2/x/../cleanup-volumes', `becomes ${write}`],
    ['/v2/./cleanup-volumes', `becomes ${write}`],
    ['/v2/x/..', 'becomes /v2/'],
    ['/..', 'becomes /'],
    ['/v2/x/%2e%2e/cleanup-volumes', `becomes ${write}`],
    ['/v2/x/.%2E/cleanup-volumes', `becomes ${write}`],
    ['/v2\\cleanup-volumes', `becomes ${write}`],
    ['/v2/x\\..\\cleanup-volumes', `becomes ${write}`],
    ['/v2/clean\tup-volumes', `becomes ${write}`],
    ['/v2/clean\nup-volumes', `becomes ${write}`],
    ['/v2/cleanup-volumes\r', `becomes ${write}`],
    ['/v2/cleanup-volumes ', 'becomes'],
    ['/v2/cleanup volumes', 'becomes /v2/cleanup%20volumes'],
    ['/v2/"quoted"', 'becomes /v2/%22quoted%22'],
    ['/v2/größe', 'becomes /v2/gr%C3%B6%C3%9Fe'],
    ['/v2//cleanup-volumes', 'empty segment'],
    ['//v2/cleanup-volumes', 'empty segment'],
    ['/v2/cleanup-volumes//', 'empty segment'],
    ['/v2/cleanup-volumes;v=1', 'semicolon'],
    ['/v2/%63leanup-volumes', '%63'],
    ['/v2%2fcleanup-volumes', '%2f'],
    ['/v2%5Ccleanup-volumes', '%5C'],
    ['/v2/cleanup%2Dvolumes', '%2D'],
    ['/v2/cleanup-volumes%00', '%00'],
    ['/v2/cleanup-volumes%3Fa', '%3F'],
    ['/v2/cleanup-volumes%3ba', '%3b'],
    ['/v2/cleanup-volumes%0a', '%0a'],
    ['/v2/cleanup-volumes?a=b', '`query`'],
    ['/v2/cleanup-volumes#a', '`query`'],
    ['http://other/v2/cleanup-volumes', 'starts with a slash'],
    ['http:/v2/cleanup-volumes', 'starts with a slash'],
    ['\\v2\\cleanup-volumes', 'starts with a slash'],
    ['v2/cleanup-volumes', 'starts with a slash'],
    ['', 'starts with a slash'],
  ])('is rejected before anything is sent: %j', async (path, words) => {
    const fetch = answering(200, 'OK');
    const client = new SupervisorClient({ address: 'http://10.0.0.1', apiKey: 'key', fetch });
    for (const call of [client.request({ method: 'GET', path }), client.stream({ method: 'GET', path })]) {
      const refusal = await Promise.resolve(call).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(TypeError);
      expect((refusal as TypeError).message).toContain('`path`');
      expect((refusal as TypeError).message).toContain(words);
    }
    expect(fetch.sent).toEqual([]);
  });

  test.each(['get', 'Get', 'HEAD', 'PUT', ' GET', '', ['GET'], null])(
    'cannot be requested with the invalid method %j',
    async (method) => {
      const client = new SupervisorClient({ address: 'http://10.0.0.1', apiKey: 'key', fetch: answering(200) });
      await expect(client.request({ method: method as never, path: write })).rejects.toThrow('`method`');
    },
  );
});

describe('an unambiguous path', () => {
  test.each([
    '/',
    '/v1/device',
    '/v2/applications/77/state',
    '/v3/a-b_c.d~e',
    '/v3/a%7Cb',
    '/v3/%zz',
    '/v3/%ea',
    '/v3/%C3%B6',
    '/v3/x:y@z',
    '/v3/...',
  ])('is sent as it is: %s', async (path) => {
    const fetch = answering(200, 'OK');
    await new SupervisorClient({ address: 'http://10.0.0.1', apiKey: 'key', fetch }).request({ method: 'GET', path });
    expect(fetch.sent.map(({ url }) => url)).toEqual([`http://10.0.0.1${path}`]);
  });

  test.each([write, `${write}/`, write.toUpperCase()])(
    "counts as a write if it is a write's path, as %s, whether it is requested or opened as a stream",
    async (path) => {
      const reset = async () => Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
      const client = new SupervisorClient({ address: 'http://10.0.0.1', apiKey: 'key', fetch: reset });
      for (const call of [client.request({ method: 'GET', path }), client.stream({ method: 'GET', path })]) {
        await expect(call).rejects.toMatchObject({ code: 'unreachable', retryable: false });
      }
    },
  );
});

test('no accepted path can be read as that of another endpoint', () => {
  const piece = fc.constantFrom(
    ...'.. . / // /.. /../ /x/../ %2e %2E. %2f %5c %3B %3f %23 ; ;a=b \\ % %20 %00 %0a ö ~ %7e x ? # http://x/'.split(
      ' ',
    ),
    '\t',
    '\n',
    ' ',
  );
  const encode = (code: string) => `%${code.charCodeAt(0).toString(16)}`;
  const insertions = fc.array(fc.tuple(fc.nat(write.length), piece), { maxLength: 2 });
  const encoded = fc.option(fc.nat(write.length - 1), { nil: undefined, freq: 3 });
  const path = fc.tuple(encoded, insertions).map(([at, pieces]) => {
    const letters = write.split('').map((letter, index) => (index === at ? encode(letter) : letter));
    return [...letters, '']
      .map((letter, index) => pieces.flatMap(([to, text]) => (to === index ? text : [])).join('') + letter)
      .join('');
  });
  fc.assert(
    fc.property(path, (given) => {
      const refusal = refusalOf(given);
      expect([undefined, 'TypeError']).toContain((refusal as Error | undefined)?.name);
      if (refusal !== undefined) return;
      const effect = findEndpoint('GET', given)?.effect;
      for (const reading of readingsOf(given)) expect(findEndpoint('GET', reading)?.effect).toBe(effect);
    }),
    { numRuns: howMany(600, 3000) },
  );
});

function refusalOf(path: string): unknown {
  try {
    assertPath(path);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** How servers and proxies interpret a path. */
function readingsOf(path: string): string[] {
  const decoded = path.replaceAll(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  const cut = decoded.replace(/[;?#].*$/s, '');
  return [decoded, cut, cut.replaceAll(/\/+/g, '/'), new URL(`http://supervisor${cut}`).pathname];
}
