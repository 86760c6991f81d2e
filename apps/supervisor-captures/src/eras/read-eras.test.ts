import { describe, expect, test } from 'vitest';
import { RecordingsError } from '../recordings/read-file.js';
import { parseEras } from './read-eras.js';

const ping = {
  id: 'x',
  method: 'GET',
  path: '/ping',
  status: 200,
  contentType: 'text/html',
  body: 'OK',
  call: 'ping',
  expect: 'ok',
};

function parse(...recordings: unknown[]) {
  return parseEras(JSON.stringify({ eras: [{ era: '9', recordings }] }), 'eras.json');
}

test('an answer is parsed with its call and its expectation', () => {
  expect(parse(ping)).toEqual([
    {
      index: 0,
      name: 'x',
      scenario: '9',
      request: { method: 'GET', path: '/ping', headers: {}, body: undefined },
      outcome: { kind: 'answer', status: 200, contentType: 'text/html', headers: new Map(), body: 'OK', isCut: false },
      elapsedMs: 0,
      call: 'ping',
      expected: 'ok',
      tags: [],
      note: '',
    },
  ]);
});

test('the releases with this answer are parsed, together with its notes', () => {
  const told = { tags: ['v10.3.7', 'v19.0.5'], note: 'without a key' };
  expect(parse({ ...ping, ...told })).toMatchObject([told]);
  expect(() => parse({ ...ping, tags: ['19.0.5'] })).toThrow(/Expected a tag such as v12\.2\.10/);
});

test('a body written as JSON means that JSON, and a missing one is empty', () => {
  const recordings = parse(
    { ...ping, requestBody: { force: true }, body: { status: 'failed' } },
    { ...ping, body: null, contentType: null },
  );
  expect(recordings).toMatchObject([
    { request: { body: '{"force":true}' }, outcome: { body: '{"status":"failed"}' } },
    { outcome: { body: '', contentType: undefined } },
  ]);
});

test('without a status no answer is expected', () => {
  expect(parse({ ...ping, status: null, body: null })).toMatchObject([
    { outcome: { kind: 'no-answer', reason: 'timeout' } },
  ]);
});

test('the recordings of all eras are numbered consecutively', () => {
  const eras = [
    { era: 'a', recordings: [ping] },
    { era: 'b', recordings: [ping, ping] },
  ];
  const read = parseEras(JSON.stringify({ eras }), 'eras.json');
  expect(read.map(({ index, scenario }) => [index, scenario])).toEqual([
    [0, 'a'],
    [1, 'b'],
    [2, 'b'],
  ]);
});

describe('anything else is reported with the file, the place and what is expected', () => {
  const { call: _call, ...withoutCall } = ping;
  test.each<[what: string, text: string, message: RegExp]>([
    ['no JSON', '{', /^eras\.json is not valid JSON: .*Expected \{ eras/],
    ['no eras', '[]', /^eras\.json is malformed at /],
    [
      'no call',
      JSON.stringify({ eras: [{ era: '9', recordings: [withoutCall] }] }),
      /eras\[0\]\.recordings\[0\]\.call: /,
    ],
    ['no status', JSON.stringify({ eras: [{ era: '9', recordings: [{ ...ping, status: 'none' }] }] }), /\.status: /],
    [
      'no path',
      JSON.stringify({ eras: [{ era: '9', recordings: [{ ...ping, path: 'ping' }] }] }),
      /\.path: Expected a path/,
    ],
    [
      'no method',
      JSON.stringify({ eras: [{ era: '9', recordings: [{ ...ping, method: 'PUT' }] }] }),
      /\.method: Expected GET/,
    ],
  ])('%s', (_what, text, message) => {
    expect(() => parseEras(text, 'eras.json')).toThrow(RecordingsError);
    expect(() => parseEras(text, 'eras.json')).toThrow(message);
  });
});
