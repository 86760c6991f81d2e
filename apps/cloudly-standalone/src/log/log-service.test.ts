import type { HandlerEvent } from '@serve.zone/baseos-cloudly-handlers';
import { expect, test } from 'vitest';
import type { LogEntry } from './create-log.js';
import { logService } from './log-service.js';
import { REPEATS_EVERY_MS } from './repeats.js';

function setUp() {
  const entries: LogEntry[] = [];
  let nowMs = 0;
  const service = logService((entry) => entries.push(entry), { nowMs: () => nowMs });
  return {
    ...service,
    entries,
    pass: (durationMs: number) => {
      nowMs += durationMs;
    },
  };
}

function refused(code: 'rate-limited' | 'unavailable' | 'join-token-used', status: number): HandlerEvent {
  return {
    atMs: 0,
    kind: 'request-refused',
    endpoint: 'register',
    code,
    status,
  };
}

test.each([
  ['rate-limited', 429],
  ['unavailable', 503],
] as const)('of the refusals with %s, one per interval is logged, with the number of the others', (code, status) => {
  const { onHandled, entries, pass } = setUp();
  for (let count = 0; count < 100; count += 1) onHandled(refused(code, status));
  expect(entries).toHaveLength(1);
  pass(REPEATS_EVERY_MS);
  onHandled(refused(code, status));
  expect(entries).toHaveLength(2);
  expect(entries[1]).toMatchObject({
    message: expect.stringMatching(/\(99 more since the last message\)$/),
    fields: { code, status, untold: 99 },
  });
});

test('every other refusal is logged', () => {
  const { onHandled, entries } = setUp();
  for (let count = 0; count < 3; count += 1) onHandled(refused('join-token-used', 401));
  expect(entries).toHaveLength(3);
});

test('a failure is logged by its message alone, and a repeated one once per interval', () => {
  const { onError, entries } = setUp();
  const secret = Object.assign(new Error('the disk is full'), { request: 'bnt_secret' });
  for (const error of [secret, secret, 'something else', secret]) onError(error);
  expect(entries.map(({ level, event, message }) => [level, event, message])).toEqual([
    ['error', 'failure', 'Internal error: the disk is full'],
    ['error', 'failure', 'Internal error: something else'],
  ]);
  expect(JSON.stringify(entries)).not.toContain('bnt_secret');
});

test('many different failures do not fill the memory, and each is logged', () => {
  const { onError, entries } = setUp();
  for (let count = 0; count < 1000; count += 1) onError(new Error(`failure ${count}`));
  expect(entries).toHaveLength(1000);
});

test.each(['address', 'server'] as const)(
  'connections closed in favour of others are logged once per interval: %s',
  (full) => {
    const { onEviction, entries, pass } = setUp();
    for (let count = 0; count < 100; count += 1) onEviction({ address: `203.0.113.${count}`, full });
    pass(REPEATS_EVERY_MS);
    onEviction({ address: '203.0.113.7', full });
    expect(entries.map(({ level, event, fields }) => [level, event, fields?.['untold']])).toEqual([
      ['warn', 'connection-evicted', undefined],
      ['warn', 'connection-evicted', 99],
    ]);
  },
);

test('of the refusals below the handlers, one of each kind is logged per interval', () => {
  const { onRefusal, entries, pass } = setUp();
  const refusal = { reason: 'malformed', status: 400, address: '203.0.113.7', code: 'HPE_INVALID_METHOD' } as const;
  for (let count = 0; count < 100; count += 1) onRefusal(refusal);
  onRefusal({ ...refusal, reason: 'tls', status: undefined, code: 'ERR_SSL_HTTP_REQUEST' });
  pass(REPEATS_EVERY_MS);
  onRefusal(refusal);
  expect(entries.map(({ level, message }) => [level, message])).toEqual([
    ['warn', expect.stringMatching(/^203\.0\.113\.7 was rejected with 400: it did not send HTTP.*HPE_INVALID_METHOD/)],
    ['warn', expect.stringMatching(/^203\.0\.113\.7 was rejected without an answer: its TLS handshake failed/)],
    ['warn', expect.stringMatching(/\(99 more since the last message\)$/)],
  ]);
});

test('clients that only probe the port are logged at the most verbose level', () => {
  const { onRefusal, entries } = setUp();
  onRefusal({ reason: 'silent', status: 408, address: undefined, code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  expect(entries).toMatchObject([{ level: 'debug', fields: { reason: 'silent', status: 408 } }]);
});
