import { describe, expect, test, vi } from 'vitest';
import { configFromEnv } from './config-from-env.js';
import { invalidConfiguration, isBaseRunnerError } from './runner-error.js';

const mistakes = [
  { variable: 'BASEOS_NODE_ID', expected: 'an ID', message: 'BASEOS_NODE_ID is "a b"; expected: an ID.' },
  { variable: 'BASEOS_LOG_LEVEL', expected: 'a level', message: 'BASEOS_LOG_LEVEL is "loud"; expected: a level.' },
];

describe('the error of this package', () => {
  test('lists every configuration error on its own line', () => {
    const error = invalidConfiguration(mistakes);
    expect(error).toMatchObject({ name: 'BaseRunnerError', code: 'invalid-configuration', mistakes });
    expect(error.message.split('\n')).toEqual([
      'The configuration has mistakes:',
      ...mistakes.map(({ message }) => `- ${message}`),
    ]);
  });

  test('includes warnings that may explain the errors', () => {
    expect(() => configFromEnv({ BASEOS_LOG_LEVEL: 'loud', BASEOS_LOGLEVEL: 'x' })).toThrow(
      expect.objectContaining({ warnings: [expect.stringContaining('Did you mean BASEOS_LOG_LEVEL?')] }),
    );
  });

  test('is recognised across copies of this package, and nothing else is', async () => {
    vi.resetModules();
    const otherCopy = await import('./runner-error.js');
    const error = invalidConfiguration(mistakes);
    expect(error).not.toBeInstanceOf(otherCopy.BaseRunnerError);
    expect(otherCopy.isBaseRunnerError(error)).toBe(true);
    for (const other of [new Error('other'), { code: 'invalid-configuration' }, null, undefined, 'text']) {
      expect(isBaseRunnerError(other)).toBe(false);
    }
  });
});
