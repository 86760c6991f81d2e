import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createSupervisor } from '../index.js';

const apiKey = 'a'.repeat(32);
const supervisor = createSupervisor({ apiKey, relay: false });
const withKey = { authorization: `Bearer ${apiKey}` };

async function send(path: string, init: RequestInit = {}): Promise<Response> {
  return supervisor.fetch(new Request(`http://supervisor${path}`, { headers: withKey, ...init }));
}

function page(what: string): string {
  return `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>${what}</pre>\n</body>\n</html>\n`;
}

test.each([
  ['GET', '/v1/nope', 'Cannot GET /v1/nope'],
  ['GET', '/v1/reboot?force=1', 'Cannot GET /v1/reboot'],
  ['PUT', '/v1/device', 'Cannot PUT /v1/device'],
  ['GET', '/a&b', 'Cannot GET /a&amp;b'],
  ['GET', "/it's", 'Cannot GET /it&#39;s'],
])('%s %s is an HTML page without an ETag', async (method, path, what) => {
  const response = await send(path, { method });
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('etag')).toBeNull();
  expect(await response.text()).toBe(page(what));
});

test('without a key, an unknown path is unauthorized, not unknown', async () => {
  expect((await send('/v1/nope', { headers: {} })).status).toBe(401);
});

test('an answer carries the weak ETag of its body, an empty one that of its status', async () => {
  expect((await send('/ping')).headers.get('etag')).toBe('W/"2-nOO9QiTIwXgNtWtBJezz8kv3SLc"');
  expect((await send('/v1/update', { method: 'POST' })).headers.get('etag')).toBe('W/"a-bAsFyilMr4Ra1hIU5PyoyFRunpI"');
});

const versionTag = 'W/"27-DYk/taL0ihCekFTpXS1s/oZD+2k"';

test.each([versionTag, versionTag.slice(2), `"other", ${versionTag}`, '*'])(
  'If-None-Match: %s matches the answer: 304 without body and type',
  async (tag) => {
    const response = await send('/v2/version', { headers: { ...withKey, 'if-none-match': tag } });
    expect(response.status).toBe(304);
    expect(response.headers.get('content-type')).toBeNull();
    expect(response.headers.get('etag')).toBe(versionTag);
    expect(await response.text()).toBe('');
  },
);

test.each<Record<string, string>>([
  { 'if-none-match': '"other"' },
  { 'if-none-match': versionTag, 'cache-control': 'no-cache' },
])('%j gets the complete answer', async (headers) => {
  expect((await send('/v2/version', { headers: { ...withKey, ...headers } })).status).toBe(200);
});

test('whatever is sent, the answer is of a known kind', async () => {
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PURGE');
  const known = ['/ping', '/v1/healthy', '/v1/device', '/v2/state/status', '/v2/version', '/v1/update'];
  const path = fc.oneof(
    fc.constantFrom(...known),
    fc.webPath().map((tail) => tail || '/'),
    fc.string({ unit: 'binary' }).map((tail) => `/${encodeURIComponent(tail)}`),
  );
  const headers = fc.record(
    {
      authorization: fc.oneof(fc.constant(`Bearer ${apiKey}`), fc.string().map(encodeURIComponent)),
      'content-type': fc.constantFrom(
        'application/json',
        'application/x-www-form-urlencoded',
        'text/plain',
        ';',
        'a/b;c',
      ),
      'content-encoding': fc.constantFrom('gzip', 'deflate', 'identity', 'br', ''),
      'if-none-match': fc.string().map(encodeURIComponent),
    },
    { requiredKeys: [] },
  );
  const body = fc.oneof(fc.json(), fc.string(), fc.uint8Array());
  await fc.assert(
    fc.asyncProperty(method, path, fc.webQueryParameters(), headers, body, async (verb, at, query, fields, content) => {
      const bodiless = verb === 'GET' || verb === 'HEAD';
      const init = { method: verb, headers: fields, ...(bodiless ? {} : { body: content as string }) };
      const response = await supervisor.fetch(new Request(`http://supervisor${at}?${query}`, init));
      const answered = await response.text();
      expect([200, 204, 304, 401, 404, 503]).toContain(response.status);
      expect(response.status === 503 ? JSON.parse(answered) : { status: 'failed' }).toMatchObject({ status: 'failed' });
      expect(answered).not.toContain(apiKey);
    }),
    { numRuns: 300 },
  );
});
