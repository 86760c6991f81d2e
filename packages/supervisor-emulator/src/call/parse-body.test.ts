import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { BodyError, parseBody } from './parse-body.js';
import type { ParsedBody } from './parse-body.js';

function parse(headers: Record<string, string>, body: string | Uint8Array | undefined): Promise<ParsedBody> {
  const chunks = async function* (): AsyncIterable<Uint8Array> {
    yield typeof body === 'string' ? new TextEncoder().encode(body) : (body ?? new Uint8Array());
  };
  return parseBody({ header: (name) => headers[name], body: body === undefined ? undefined : chunks() });
}

const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

test.each<[string, Record<string, string>, string | Uint8Array | undefined, unknown]>([
  ['JSON', json, '{"force":true}', { force: true }],
  ['JSON with a charset', { 'content-type': 'Application/JSON; charset="UTF-8"' }, '{"force":1}', { force: 1 }],
  [
    'JSON in UTF-16',
    { 'content-type': 'application/json;charset=utf-16le' },
    Buffer.from('{"a":1}', 'utf16le'),
    { a: 1 },
  ],
  ['JSON, compressed', { ...json, 'content-encoding': 'gzip' }, gzipSync('{"force":true}'), { force: true }],
  ['an array', json, '[1]', [1]],
  ['a body that is not JSON', json, '', {}],
  ['a form', form, 'force=true&n=1&n=2', { force: 'true', n: ['1', '2'] }],
  ['JSON without its type', {}, '{"force":true}', {}],
  ['JSON as text', { 'content-type': 'text/plain' }, '{"force":true}', {}],
  ['no body', json, undefined, {}],
])('%s', async (_case, headers, body, expected) => {
  expect(await parse(headers, body)).toEqual(expected);
});

test.each<[string, Record<string, string>, string | Uint8Array, string]>([
  ['null', json, 'null', `Unexpected token 'n', "null" is not valid JSON`],
  ['a text', json, ' "force" ', `Unexpected token '"', " "force" " is not valid JSON`],
  ['white space', json, ' ', 'Unexpected end of JSON input'],
  ['half a JSON', json, '{', `Expected property name or '}' in JSON at position 1 (line 1 column 2)`],
  ['an unknown charset', { 'content-type': 'application/json; charset=foo' }, '{}', 'unsupported charset "FOO"'],
  ['an unknown UTF', { 'content-type': 'application/json; charset=utf-9' }, '{}', 'unsupported charset "UTF-9"'],
  [
    'a form in Latin',
    { 'content-type': `${form['content-type']}; charset=latin1` },
    'a=1',
    'unsupported charset "LATIN1"',
  ],
  ['an unknown encoding', { ...json, 'content-encoding': 'foo' }, '{}', 'unsupported content encoding "foo"'],
  ['a body that is not compressed', { ...json, 'content-encoding': 'gzip' }, '{}', 'incorrect header check'],
  ['more than 10 MiB', json, new Uint8Array(10 * 1024 * 1024 + 1), 'request entity too large'],
])("%s is rejected in the Supervisor's words", async (_case, headers, body, message) => {
  await expect(parse(headers, body)).rejects.toEqual(new BodyError(message));
});

test('a small body that inflates beyond the limit is rejected', async () => {
  const bomb = gzipSync(new Uint8Array(20 * 1024 * 1024));
  await expect(parse({ ...json, 'content-encoding': 'gzip' }, bomb)).rejects.toThrow('request entity too large');
});

test('any text is parsed or rejected, nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(json, form), fc.oneof(fc.json(), fc.string()), async (headers, text) => {
      const outcome = await parse(headers, text).catch((error: unknown) => error);
      expect(outcome instanceof BodyError || typeof outcome === 'object').toBe(true);
    }),
  );
});
