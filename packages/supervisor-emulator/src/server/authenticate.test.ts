import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { keysOf } from './authenticate.js';
import { eraOf } from '../eras/era.js';
import { createSupervisor } from '../index.js';

const key = '0123456789abcdef0123456789abcdef';
const wrong = 'f'.repeat(32);

const welcome = [200, 'application/json; charset=utf-8', '{"status":"success","version":"19.0.5"}'];
const unauthorized = [401, 'text/plain; charset=utf-8', 'Unauthorized'];

test.each<[string, string, string | undefined, boolean]>([
  ['the key as a Bearer', '', `Bearer ${key}`, true],
  ['the key as an ApiKey', '', `ApiKey ${key}`, true],
  ['a scheme in lower case', '', `bearer ${key}`, true],
  ['the key in the query', `apikey=${key}`, undefined, true],
  ['the right key in the query, a wrong one in the header', `apikey=${key}`, `Bearer ${wrong}`, true],
  ['an empty query key, the right one in the header', 'apikey=', `Bearer ${key}`, true],
  ['another query, the key in the header', 'force=1', `Bearer ${key}`, true],
  ['nothing', '', undefined, false],
  ['a wrong Bearer', '', `Bearer ${wrong}`, false],
  ['a wrong key in the query, the right one in the header', `apikey=${wrong}`, `Bearer ${key}`, false],
  ['the key twice in the query', `apikey=${key}&apikey=${key}`, undefined, false],
  ['a wrong key twice in the query, the right one in the header', 'apikey=x&apikey=x', `Bearer ${key}`, true],
  ['a wrong key as an array, the right one in the header', 'apikey[]=x', `Bearer ${key}`, true],
  ['the key as an array', `apikey[]=${key}`, undefined, false],
  ['the query key in camel case', `apiKey=${key}`, undefined, false],
  ['the Basic scheme', '', `Basic ${key}`, false],
  ['the key alone in the header', '', key, false],
  ['two spaces after the scheme', '', `Bearer  ${key}`, false],
  ['the key with text after it', '', `Bearer ${key}-`, false],
])('%s (?%s, %s) passes: %s', async (_case, query, authorization, passes) => {
  const supervisor = createSupervisor({ apiKey: key });
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const response = await supervisor.fetch(new Request(`http://supervisor/v2/version?${query}`, { headers }));
  const answer = [response.status, response.headers.get('content-type'), await response.text()];
  expect(answer).toEqual(passes ? welcome : unauthorized);
  expect(supervisor.requests).toEqual([{ method: 'GET', path: '/v2/version', authenticated: passes }]);
});

test('an X-Api-Key header is not a key', async () => {
  const request = new Request('http://supervisor/v2/version', { headers: { 'x-api-key': key } });
  expect((await createSupervisor({ apiKey: key }).fetch(request)).status).toBe(401);
});

test.each(['/ping', '/v1/healthy'])('%s requires no key', async (path) => {
  expect((await createSupervisor().fetch(new Request(`http://supervisor${path}`))).status).toBe(200);
});

test('local mode requires no key at all', async () => {
  const supervisor = createSupervisor({ localMode: true });
  expect((await supervisor.fetch(new Request('http://supervisor/v2/version?apikey=wrong'))).status).toBe(200);
});

test('both keys pass; a rotated one is unauthorized at once, and the other stays valid', async () => {
  const supervisor = createSupervisor();
  const statusWith = async (bearer: string): Promise<number> => {
    const headers = { authorization: `Bearer ${bearer}` };
    return (await supervisor.fetch(new Request('http://supervisor/v2/version', { headers }))).status;
  };
  const old = supervisor.apiKey;
  expect(old).toMatch(/^[\da-f]{32}$/);
  expect(await statusWith(old)).toBe(200);
  const renewed = supervisor.rotateApiKey();
  expect(supervisor.apiKey).toBe(renewed);
  expect(await Promise.all([old, renewed, supervisor.globalApiKey].map(statusWith))).toEqual([401, 200, 200]);
});

test('parses any query and header without throwing', () => {
  fc.assert(
    fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (query, authorization) => {
      for (const version of ['19.0.5', '11.2.0', '8.7.1']) {
        const keys = keysOf({ query, authorization }, eraOf(version));
        expect(keys.every((each) => typeof each === 'string')).toBe(true);
      }
    }),
  );
});
