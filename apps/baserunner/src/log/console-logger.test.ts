import { Secret } from '@serve.zone/baseos-runner-core';
import { describe, expect, test } from 'vitest';
import { createConsoleLogger, type ConsoleLoggerOptions } from './console-logger.js';

function setUp(options: Omit<ConsoleLoggerOptions, 'stream'> = {}) {
  const lines: string[] = [];
  return { lines, logger: createConsoleLogger({ ...options, stream: { write: (text) => lines.push(text) } }) };
}

describe('the pretty format', () => {
  test('is one line of time, level, message and fields', () => {
    const { lines, logger } = setUp();
    logger.info('Heartbeat sent', {
      sequence: 3,
      url: 'http://127.0.0.1:8080/',
      reason: 'two words',
      absent: undefined,
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z info {2}Heartbeat sent sequence=3 url=http:\/\/127\.0\.0\.1:8080\/ reason="two words"\n$/,
    );
  });

  test('does not let a message or a field forge a second line or reach the terminal', () => {
    const { lines, logger } = setUp();
    logger.warn('a\nb\u001b[2J', { 'k\n': 'c\r\u2028d' });
    expect(lines[0]?.slice(25)).toBe('warn  a\\nb\\u001b[2J k\\n="c\\r\\u2028d"\n');
  });

  test('does not treat percent signs as placeholders', () => {
    const { lines, logger } = setUp();
    logger.info('100 %s done %o', { a: 1 });
    expect(lines[0]).toContain('100 %s done %o a=1');
  });
});

describe('the json format', () => {
  test('is one object per line', () => {
    const { lines, logger } = setUp({ format: 'json' });
    logger.error('It failed:\nall of it', { code: 'ENOSPC', size: 12n, nested: { at: ['\u009b'] } });
    logger.info('no fields');
    const [first, second] = lines.map((line) => JSON.parse(line) as object);
    expect(first).toEqual({
      time: expect.stringMatching(/Z$/),
      level: 'error',
      message: 'It failed:\nall of it',
      fields: { code: 'ENOSPC', size: '12', nested: { at: ['\u009b'] } },
    });
    expect(second).toEqual({ time: expect.any(String), level: 'info', message: 'no fields' });
    expect(lines.join('')).not.toContain('\u009b');
  });

  test('writes the line even if its fields cannot be serialised', () => {
    const { lines, logger } = setUp({ format: 'json' });
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    logger.info('a message', circular);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'a message', fields: '[not writable as JSON]' });
  });
});

describe.each(['pretty', 'json'] as const)('in the %s format', (format) => {
  test('a secret shows as [redacted], wherever it is', () => {
    const { lines, logger } = setUp({ format });
    const token = new Secret('canary-7f');
    logger.info(`with ${String(token)}`, { token, deep: { list: [token] } });
    expect(lines.join('')).not.toContain('canary');
    expect(lines.join('').match(/\[redacted\]/g)).toHaveLength(3);
  });

  test('an error shows its name, message and code, and none of its other properties', () => {
    const { lines, logger } = setUp({ format });
    const error = Object.assign(new TypeError('broken', { cause: 'canary' }), { code: 'E_X', request: 'canary' });
    logger.error('Failed', { error });
    expect(lines.join('')).toContain('{"name":"TypeError","message":"broken","code":"E_X"}');
    expect(lines.join('')).not.toContain('canary');
  });

  test('messages below the level are dropped, and the level can change', () => {
    const { lines, logger } = setUp({ format, level: 'warn' });
    logger.info('one');
    logger.debug('two');
    logger.warn('three');
    logger.setLevel('debug');
    logger.debug('four');
    logger.setLevel('error');
    logger.warn('five');
    logger.error('six');
    expect(lines.map((line) => /one|two|three|four|five|six/.exec(line)?.[0])).toEqual(['three', 'four', 'six']);
  });

  test('a repeated line is written each time', () => {
    const { lines, logger } = setUp({ format });
    for (let count = 0; count < 20; count += 1) logger.info('again');
    expect(lines).toHaveLength(20);
  });
});
