import { describe, expect, test, vi } from 'vitest';
import type { ConfigMistake } from './config-mistake.js';
import { configFromEnv } from './config-from-env.js';
import { invalidConfiguration, isBaseRunnerError } from './runner-error.js';

const mistakes: ConfigMistake[] = [
  {
    code: 'setting-invalid',
    variable: 'BASEOS_NODE_ID',
    message: 'BASEOS_NODE_ID is "a b".',
    remedy: 'Set it to an ID.',
  },
  {
    code: 'setting-invalid',
    variable: 'BASEOS_LOG_LEVEL',
    message: 'BASEOS_LOG_LEVEL is "loud".',
    remedy: 'Set it to a level.',
  },
];

describe('the error of this package', () => {
  test('lists every configuration error on its own line', () => {
    const error = invalidConfiguration(mistakes);
    expect(error).toMatchObject({ name: 'BaseRunnerError', code: 'invalid-configuration', mistakes });
    expect(error.message.split('\n')).toEqual([
      'The configuration has mistakes:',
      '- BASEOS_NODE_ID is "a b". Set it to an ID.',
      '- BASEOS_LOG_LEVEL is "loud". Set it to a level.',
    ]);
  });

  test('includes warnings that may explain the errors', () => {
    expect(() => configFromEnv({ BASEOS_LOG_LEVEL: 'loud', BASEOS_LOGLEVEL: 'x' })).toThrow(
      expect.objectContaining({
        warnings: [expect.objectContaining({ message: expect.stringContaining('Did you mean BASEOS_LOG_LEVEL?') })],
      }),
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
