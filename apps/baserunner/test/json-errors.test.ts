import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

const json = { BASEOS_LOG_FORMAT: 'json' };

interface Entry {
  time: string;
  level: string;
  message: string;
  fields?: Record<string, unknown>;
}

/** Every line as an entry. Fails if one is not an entry. */
function entriesOf(stderr: string): Entry[] {
  const entries = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);
  for (const entry of entries) {
    expect(entry).toMatchObject({ time: expect.stringMatching(/^\d{4}-.*Z$/), level: expect.any(String) });
    expect(entry.message).toBeTypeOf('string');
  }
  return entries;
}

describe('with a JSON log, every line on stderr is an object', () => {
  test.each(['start', 'status', 'check-supervisor', 'request-update'])(
    'for configuration errors: %s',
    async (command) => {
      const env = { ...json, BASEOS_LOG_LEVEL: 'loud', BASEOS_CLOUDLY_URL: 'cloudly.example', BASEOS_LOGLEVEL: 'info' };
      const { exitCode, stderr } = await rig.run([command], env);
      expect(exitCode).toBe(2);
      const entries = entriesOf(stderr);
      const mistakes = entries.filter(({ level }) => level === 'error');
      expect(mistakes.map(({ fields }) => fields?.['variable'])).toEqual(['BASEOS_CLOUDLY_URL', 'BASEOS_LOG_LEVEL']);
      expect(mistakes[1]).toMatchObject({
        message: expect.stringMatching(/^BASEOS_LOG_LEVEL is "loud".*error, warn, info, debug\.$/),
        fields: { code: 'setting-invalid', expected: 'one of error, warn, info, debug' },
      });
      const warnings = entries.filter(({ level }) => level === 'warn').map(({ message }) => message);
      expect(warnings).toContainEqual(expect.stringContaining('BASEOS_LOGLEVEL'));
    },
  );

  test.each([['JSON'], ['json']])('in every notation of the setting: %s', async (format) => {
    const { stderr } = await rig.run(['start'], { BASEOS_LOG_FORMAT: format, BASEOS_LOG_LEVEL: 'loud' });
    expect(entriesOf(stderr)).toHaveLength(1);
  });

  test.each([[['strat']], [['start', '--now']], [['status', 'more']], [['identity', 'reset', '--yes', 'x']]])(
    'for an invalid command line: %j',
    async (argv) => {
      const { exitCode, stderr } = await rig.run(argv, json);
      expect(exitCode).toBe(2);
      expect(entriesOf(stderr)[0]).toMatchObject({
        level: 'error',
        message: expect.not.stringContaining('baserunner:'),
      });
    },
  );

  test.each([
    [['status']],
    [['status', '--wire']],
    [['identity', 'show']],
    [['identity', 'reset']],
    [['diagnose', '--output', '/nowhere/at/all.tar.gz']],
  ])('for the output of a command: %j', async (argv) => {
    await writeFile(rig.statePath, 'damaged');
    const { stderr } = await rig.run(argv, rig.env(json));
    expect(entriesOf(stderr).length).toBeGreaterThan(0);
  });

  test('for a result that cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [rig.cliPath, 'help'], {
      env: json,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(status).toBe(1);
    expect(entriesOf(stderr)).toEqual([expect.objectContaining({ message: expect.stringContaining('ENOSPC') })]);
  });

  test('for an uncaught error, and for a warning of Node', async () => {
    const preload = join(rig.folder, 'defect.mjs');
    await writeFile(
      preload,
      `setTimeout(() => { process.emitWarning('first\\nsecond', 'DeprecationWarning', 'DEP1'); }, 200);
       setTimeout(() => { throw new RangeError('a defect'); }, 400);`,
    );
    const { exitCode, stderr } = await rig.run(['start'], rig.env(json), ['--import', preload]);
    expect(exitCode).toBe(1);
    const messages = entriesOf(stderr).map(({ level, message }) => `${level} ${message}`);
    expect(messages).toContainEqual('warn DeprecationWarning: first');
    expect(messages).toContainEqual('error Unexpected error: RangeError: a defect');
  });

  test('unless that very variable is invalid, which gives text', async () => {
    const { exitCode, stderr } = await rig.run(['start'], { BASEOS_LOG_FORMAT: '"json"' });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^baserunner: the configuration has a mistake:\n {2}- BASEOS_LOG_FORMAT .*quotation marks/);
  });
});
