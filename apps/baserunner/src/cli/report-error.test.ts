import { BaseRunnerError } from '@serve.zone/baseos-runner-core';
import { describe, expect, test } from 'vitest';
import { reportError } from './report-error.js';

function report(error: unknown, env: Record<string, string> = {}) {
  let stderr = '';
  const exitCode = reportError(error, { env, stderr: { write: (text) => (stderr += text) } });
  return { exitCode, stderr };
}

describe('a configuration with errors', () => {
  const mistake = {
    code: 'setting-invalid',
    variable: 'A',
    expected: 'a',
    message: 'A is no a.',
    remedy: 'Set A to a.',
  } as const;

  test('is exit code 2, with a line for each error', () => {
    const mistakes = [
      { ...mistake, message: 'A is not\nan a.' },
      { ...mistake, variable: 'B', message: 'B is no b.', remedy: 'Set B to b.' },
    ];
    expect(report(new BaseRunnerError('invalid-configuration', 'mistakes', { mistakes }))).toEqual({
      exitCode: 2,
      stderr:
        'baserunner: the configuration has mistakes:\n  - A is not\\nan a. Set A to a.\n  - B is no b. Set B to b.\n',
    });
  });

  test('names a misspelt variable next to them', () => {
    const mistakes = [mistake];
    const warnings = [{ code: 'variable-unknown', message: '"AA" is no variable.', remedy: 'Remove it.' } as const];
    const { stderr } = report(new BaseRunnerError('invalid-configuration', 'mistakes', { mistakes, warnings }));
    expect(stderr).toBe(
      'baserunner: the configuration has a mistake:\n  - A is no a. Set A to a.\nAlso:\n  - "AA" is no variable. Remove it.\n',
    );
  });
});

describe('an unexpected error', () => {
  test('is exit code 1, with its name, message, error code and source locations', () => {
    const { exitCode, stderr } = report(Object.assign(new RangeError('too far'), { code: 'E_FAR' }));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      / error Unexpected error: RangeError: too far code=E_FAR stack=\["at .*report-error\.test\.ts/,
    );
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test('is one JSON object if the log is JSON', () => {
    const { stderr } = report(new Error('broken'), { BASEOS_LOG_FORMAT: 'json' });
    expect(JSON.parse(stderr)).toMatchObject({ level: 'error', message: 'Unexpected error: Error: broken' });
  });

  test.each([
    ['a short secret of the environment', 'joinme'],
    ['anything that looks like a token', 'q7Zt0cXk_9aLw-3vBn5RyUeHs2Mf8DgPj1iOo6TbNlE'],
  ])('shows %s neither in its message nor in its stack', (_what, canary) => {
    const { stderr } = report(new Error(`POST with ${canary} failed`), { BASEOS_JOIN_TOKEN: 'joinme' });
    expect(stderr).toContain('POST with [redacted] failed');
    expect(stderr).not.toContain(canary);
  });

  test("shows no proxy password, however short, with or without the rest of the proxy's URL", () => {
    for (const proxy of ['http://device:hunter2@proxy.example:3128', 'device:hunter2@proxy.example:3128']) {
      for (const text of [`via ${proxy} failed`, 'hunter2 is wrong']) {
        const { stderr } = report(new Error(text), { https_proxy: proxy });
        expect(stderr).toContain('[redacted]');
        expect(stderr).not.toContain('hunter2');
      }
    }
  });

  test('shows nothing of its cause', () => {
    expect(report(new Error('outer', { cause: new Error('canary') })).stderr).not.toContain('canary');
  });

  test.each(['canary', undefined, { token: 'canary' }])(
    'that is not an Error (%j) is reported by its type',
    (thrown) => {
      expect(report(thrown).stderr).toContain(`Unexpected error: a thrown ${typeof thrown}.`);
      expect(report(thrown).stderr).not.toContain('canary');
    },
  );
});
