import type { LogFormat } from '@serve.zone/baseos-command-line';
import { describe, expect, test } from 'vitest';
import { createLog, type LogEntry, type LogOptions } from './create-log.js';

function setUp(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text) };
  const log = createLog({ stream, format: 'pretty', level: 'info', now: () => Date.UTC(2030, 0), ...options });
  return { lines, log };
}

const entry: LogEntry = {
  level: 'info',
  event: 'node-registered',
  message: 'Node till-7 is enrolled',
  fields: { nodeId: 'till-7', created: true, bootIds: ['b1', 'b2'], detail: undefined },
};

test('a pretty line has time, level and sentence', () => {
  const { lines, log } = setUp();
  log(entry);
  log({ ...entry, level: 'error' });
  expect(lines).toEqual([
    '2030-01-01T00:00:00.000Z info  Node till-7 is enrolled\n',
    '2030-01-01T00:00:00.000Z error Node till-7 is enrolled\n',
  ]);
});

test('a JSON line is one object, with the fields for programs', () => {
  const { lines, log } = setUp({ format: 'json' });
  log(entry);
  log({ level: 'warn', event: 'no-tls', message: 'It listens' });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      time: '2030-01-01T00:00:00.000Z',
      level: 'info',
      event: 'node-registered',
      message: 'Node till-7 is enrolled',
      fields: { nodeId: 'till-7', created: true, bootIds: ['b1', 'b2'] },
    },
    { time: '2030-01-01T00:00:00.000Z', level: 'warn', event: 'no-tls', message: 'It listens' },
  ]);
});

describe.each<LogFormat>(['pretty', 'json'])('in the format %s', (format) => {
  test('no outside text breaks the line or reaches a terminal', () => {
    const { lines, log } = setUp({ format });
    const hostile = 'a\n{"level":"info"}\r\u001b[2J\u0085\u2028\u202e\ud800';
    log({ ...entry, message: hostile, fields: { detail: hostile } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]*\n$/u);
  });

  test.each([
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'info']],
    ['debug', ['error', 'warn', 'info', 'debug']],
  ] as const)('the level %s includes %j', (level, written) => {
    const { lines, log } = setUp({ format, level });
    for (const each of ['error', 'warn', 'info', 'debug'] as const) log({ ...entry, level: each });
    expect(lines).toHaveLength(written.length);
    for (const [index, each] of written.entries()) expect(lines[index]).toContain(each);
  });
});

test('a JSON line preserves the meaning of outside text', () => {
  const { lines, log } = setUp({ format: 'json' });
  log({ ...entry, message: 'a\n\u202eb' });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'a\n\u202eb' });
});
