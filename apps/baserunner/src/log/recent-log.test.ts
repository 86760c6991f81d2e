import { Secret, silentLogger } from '@serve.zone/baseos-runner-core';
import { describe, expect, test } from 'vitest';
import { RecentLog } from './recent-log.js';

function linesOf(log: RecentLog) {
  return log.text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { level: string; message: string; fields?: Record<string, unknown> });
}

describe('the recent log', () => {
  test('keeps what was logged in order, including debug lines, and passes it on', () => {
    const passedOn: string[] = [];
    const log = new RecentLog();
    const logger = log.beside({ ...silentLogger, info: (message) => void passedOn.push(message) });
    logger.info('one');
    logger.debug('two', { token: new Secret('canary') });
    logger.error('three');
    expect(linesOf(log).map(({ level, message }) => [level, message])).toEqual([
      ['info', 'one'],
      ['debug', 'two'],
      ['error', 'three'],
    ]);
    expect(passedOn).toEqual(['one']);
    expect(log.text).not.toContain('canary');
  });

  test('loses no warning during a day of debug lines', () => {
    const log = new RecentLog();
    const logger = log.beside(silentLogger);
    logger.warn('look here');
    for (let count = 0; count < 5000; count += 1) logger.debug(`beat ${count}`);
    expect(linesOf(log)).toHaveLength(101);
    expect(linesOf(log)[0]?.message).toBe('look here');
    expect(linesOf(log).at(-1)?.message).toBe('beat 4999');
  });

  test('is bounded, however long a line is', () => {
    const log = new RecentLog();
    const logger = log.beside(silentLogger);
    for (let count = 0; count < 1000; count += 1) {
      logger.info('x'.repeat(count === 0 ? 1_000_000 : 10), { field: 'y'.repeat(10_000) });
    }
    expect(log.text.length).toBeLessThan(200 * 4096);
    expect(linesOf(log)).toHaveLength(200);
  });
});
