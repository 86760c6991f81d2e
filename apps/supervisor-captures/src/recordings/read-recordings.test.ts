import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RecordingsError } from './read-file.js';
import { parseRecordings, readRecordings } from './read-recordings.js';

const ping = {
  name: 'ping',
  scenario: 'managed-single',
  request: { method: 'GET', path: '/ping', headers: {}, body: null },
  response: { status: 200, contentType: 'text/html; charset=utf-8', body: 'OK', headers: { ETag: 'W/"2-nOO9"' } },
  elapsedMs: 1,
};

function parse(...recordings: unknown[]) {
  return parseRecordings(JSON.stringify(recordings), 'captures.json');
}

test('an answer is parsed with lower-case header names', () => {
  expect(parse(ping)).toEqual([
    {
      index: 0,
      name: 'ping',
      scenario: 'managed-single',
      request: { ...ping.request, body: undefined },
      outcome: {
        kind: 'answer',
        status: 200,
        contentType: 'text/html; charset=utf-8',
        headers: new Map([['etag', 'W/"2-nOO9"']]),
        body: 'OK',
        isCut: false,
      },
      elapsedMs: 1,
    },
  ]);
});

test('empty members may be missing or null', () => {
  const [recording] = parse({
    name: 'update',
    request: { method: 'POST', path: '/v1/update' },
    response: { status: 204, contentType: null, body: null },
  });
  expect(recording).toMatchObject({
    scenario: '',
    request: { headers: {}, body: undefined },
    outcome: { contentType: undefined, headers: new Map(), body: '' },
  });
});

test.each(['streamTruncated', 'bodyCut'])('%s says that the body continues, in either place', (mark) => {
  const recordings = parse({ ...ping, [mark]: true }, { ...ping, response: { ...ping.response, [mark]: true } });
  expect(recordings.map(({ outcome }) => outcome)).toMatchObject([{ isCut: true }, { isCut: true }]);
});

test.each([
  ['ConnectionRefusedError: [Errno 111] Connection refused', 'refused'],
  ['connect ECONNREFUSED 127.0.0.1:48484', 'refused'],
  ['TimeoutError: timed out', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['ConnectionResetError: [Errno 104] Connection reset by peer', 'reset'],
  ['RemoteDisconnected: Remote end closed connection without response', 'reset'],
])('%s is distinguished as %s', (connectionError, reason) => {
  const response = { status: null, contentType: null, body: null, connectionError };
  const recordings = parse({ ...ping, response }, { ...ping, response: null, connectionError });
  const outcome = { kind: 'no-answer', reason };
  expect(recordings).toMatchObject([{ outcome }, { outcome }]);
});

describe('anything else is reported with the file, the place and what is expected', () => {
  test.each<[what: string, text: string, message: RegExp]>([
    ['no JSON', '[', /^captures\.json is not valid JSON: .*Expected an array of \{ name/],
    ['no array', '{}', /^captures\.json is malformed at its top: /],
    ['no request', '[{"name":"x"}]', /malformed at \[0\]\.request: /],
    ['an invalid status', JSON.stringify([{ ...ping, response: { status: 20 } }]), /\[0\]\.response\.status: /],
    ['neither status nor error', JSON.stringify([ping, { ...ping, response: {} }]), /\[1\]: Expected a response with/],
  ])('%s', (_what, text, message) => {
    expect(() => parseRecordings(text, 'captures.json')).toThrow(RecordingsError);
    expect(() => parseRecordings(text, 'captures.json')).toThrow(message);
  });
});

test('the recordings of a folder are in its captures.json', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recordings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'captures.json'), JSON.stringify([ping]));
  await expect(readRecordings(folder)).resolves.toHaveLength(1);
});

test('a folder may lack them', async () => {
  await expect(readRecordings('/nowhere')).resolves.toBeUndefined();
});

test('an unreadable file is reported', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recordings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'captures.json'));
  await expect(readRecordings(folder)).rejects.toThrow(
    new RecordingsError(`${folder}/captures.json cannot be read (EISDIR).`),
  );
});
