import { parseConfig, type NodeFacts, type RunnerStatus } from '@serve.zone/baseos-runner-core';
import { describe, expect, test } from 'vitest';
import type { CommandHookFacts } from '../facts/probe-command-hook.js';
import { judgeCommands } from './judge-commands.js';

const writtenAt = '2026-11-30T08:00:00.000Z';
const HOUR_MS = 3_600_000;

function judge(
  commands: Partial<RunnerStatus['commands']> | undefined,
  { env = {}, ageMs = 0, ...more }: { env?: Record<string, string>; ageMs?: number; hook?: CommandHookFacts } = {},
) {
  const parsed = parseConfig({
    BASEOS_CLOUDLY_URL: 'https://cloudly.example',
    BALENA_SUPERVISOR_ADDRESS: 'http://127.0.0.1:48484',
    BALENA_SUPERVISOR_API_KEY: 'key',
    ...env,
  });
  if (!parsed.ok) throw new Error('unreachable');
  const published = {
    kind: 'live',
    path: '/run/baseos/status.json',
    published: { writtenAt, status: { commands } },
  } as unknown as NodeFacts['published'];
  const node = { published, wallMs: Date.parse(writtenAt) + ageMs };
  return judgeCommands({ config: parsed.config, node, hook: more.hook });
}

describe('the check of commands', () => {
  test('passes where none is open, and tells what is accepted', () => {
    expect(judge({})).toMatchObject({
      verdict: 'pass',
      message: expect.stringMatching(/may command update, .*No command is open/),
    });
    expect(judge(undefined)).toMatchObject({ verdict: 'pass' });
    expect(judge({}, { env: { BASEOS_COMMANDS: 'none' } }).message).toBe('Cloudly may command nothing.');
    expect(
      judge({}, { env: { BASEOS_CLOUDLY_URL: 'http://cloudly.example', BASEOS_ALLOW_INSECURE_HTTP: 'true' } }).message,
    ).toContain('plain http');
  });

  test('is skipped without a Supervisor', () => {
    expect(judge({}, { env: { BALENA_SUPERVISOR_ADDRESS: '' } }).verdict).toBe('skip');
  });

  test('tells what is running and waiting', () => {
    const judgement = judge({
      running: [{ id: '1', kind: 'update', phase: 'installing', sinceMs: 5000 }],
      waiting: [{ id: '2', kind: 'restart-service', service: 'main' }],
    });
    expect(judgement).toMatchObject({
      verdict: 'pass',
      message:
        'The command update has been installing for 5 s. The command restart-service main is waiting for its turn.',
      facts: { running: ['1'], waiting: ['2'] },
    });
  });

  test.each([
    [4, '1 more is open.'],
    [16, '13 more are open.'],
  ])('tells the first three of %d, and how many more there are', (count, rest) => {
    const waiting = Array.from({ length: count }, (_, index) => ({ id: `${index}`, kind: 'blink' as const }));
    const each = 'The command blink is waiting for its turn.';
    expect(judge({ waiting }).message).toBe([each, each, each, rest].join(' '));
  });

  test.each(['waiting-for-lock', 'postponed', 'downloading', 'installing'] as const)(
    'warns of one that is %s for an hour, with the age of the status, and says what to do',
    (phase) => {
      const waiting = [{ id: '1', kind: 'update' as const, phase, reason: 'Why.', sinceMs: HOUR_MS - 60_000 }];
      expect(judge({ waiting }).verdict).toBe('pass');
      expect(judge({ waiting }, { ageMs: 60_000 })).toMatchObject({
        verdict: 'warn',
        message: expect.stringContaining('1 h. Why.'),
        remedy: expect.stringMatching(/\.$/),
        facts: { stuck: '1' },
      });
    },
  );

  test('fails for a record that cannot be stored', () => {
    const problem = { code: 'disk-full', message: 'The disk is full.', remedy: 'Free some space.' };
    expect(judge({ problem })).toMatchObject({
      verdict: 'fail',
      message: 'No command can begin. The disk is full.',
      remedy: 'Free some space.',
    });
  });

  test('fails for a hook that cannot be executed, and for one that did not decide', () => {
    const problem = { code: 'hook-too-slow', message: 'The hook took longer than 30 s.', remedy: 'Make it faster.' };
    const failed = {
      verdict: 'fail',
      message: 'The hook took longer than 30 s. Every command is postponed until that is corrected.',
      remedy: 'Make it faster.',
    };
    expect(judge({}, { hook: { path: '/usr/bin/hook', problem } })).toMatchObject(failed);
    expect(judge({ undecided: problem }, { hook: { path: '/usr/bin/hook' } })).toMatchObject(failed);
    expect(judge({}, { hook: { path: '/usr/bin/hook' } }).verdict).toBe('pass');
  });
});
