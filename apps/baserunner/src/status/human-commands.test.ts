import type { CommandsReport, DescribedCommand } from '@serve.zone/baseos-runner-core';
import { describe, expect, test } from 'vitest';
import { humanCommands } from './human-commands.js';

const takenAt = '2026-11-30T08:00:00.000Z';
const report: CommandsReport = {
  accepted: { kinds: ['update', 'blink'], force: true },
  running: true,
  commands: [],
  notices: [],
};

function shown(changes: Partial<CommandsReport>): string[] {
  return humanCommands({ ...report, ...changes }, (_colour, text) => text).split('\n');
}

function shownOne(command: Omit<DescribedCommand, 'id'>, changes: Partial<CommandsReport> = {}): string[] {
  return shown({ commands: [{ id: 'c-1', ...command }], ...changes }).slice(2, -1);
}

describe('the record of commands for people', () => {
  test('says what is accepted, and that there is none yet', () => {
    expect(shown({})).toEqual(['Accepts   update, blink, with force', 'Commands  none yet', '']);
    const accepted = { kinds: [], force: false, because: 'the connection to Cloudly is plain http' };
    expect(shown({ accepted })[0]).toBe('Accepts   nothing, because the connection to Cloudly is plain http');
  });

  test('says why nothing can begin, and how releases are taken', () => {
    const lines = shown({
      updates: 'gated',
      problem: { code: 'disk-full', message: 'The disk is full.', remedy: 'Free some space.' },
    });
    expect(lines.slice(1, 4)).toEqual([
      'Updates   gated, as Cloudly wants it',
      'Problem   The disk is full.',
      '          -> Free some space.',
    ]);
  });

  test.each<[string, Omit<DescribedCommand, 'id'>, string]>([
    [
      'succeeded',
      { kind: 'blink', state: 'ended', outcome: 'succeeded', durationMs: 2100, result: 'taken' },
      'succeeded after 2 s, told to Cloudly',
    ],
    [
      'failed long ago',
      { kind: 'blink', state: 'ended', outcome: 'failed', errorCode: 'locked', result: 'refused' },
      'failed (locked), Cloudly refuses the result',
    ],
    [
      'waits for a lock',
      {
        kind: 'blink',
        state: 'waiting',
        phase: 'waiting-for-lock',
        sinceMs: 120_000,
        reason: 'Service main holds it.',
      },
      'waiting for an update lock for 2 min. Service main holds it.',
    ],
    [
      'downloads',
      { kind: 'blink', state: 'running', phase: 'downloading', progressPercent: 41.7 },
      'downloading, 42 %',
    ],
    [
      'does what only a later version knows',
      { kind: 'blink', state: 'running', phase: 'dancing' as 'installing' },
      'dancing',
    ],
    ['has no turn yet', { kind: 'blink', state: 'waiting' }, 'waiting for its turn'],
  ])('of one that %s', (_what, command, words) => {
    const [first = '', id] = shownOne({ ...command, takenAt });
    expect(first).toMatch(/^2026-11-30T08:00:00.000Z {2}blink {2,}/);
    expect(first.slice(first.indexOf('blink')).replace(/^blink +/, '')).toBe(words);
    expect(id).toBe('  c-1');
  });

  test('names the service, the release and force, and the reason while it is known', () => {
    const [first, , reason] = shownOne({
      kind: 'restart-service',
      service: 'main',
      force: true,
      state: 'ended',
      outcome: 'refused',
      errorCode: 'not-accepted',
      message: 'Not here.',
      result: 'not-taken',
    });
    expect(first).toMatch(/restart-service main by force {2}refused, Cloudly has not taken the result yet$/);
    expect(reason).toBe('  not-accepted: Not here.');
    expect(shownOne({ kind: 'update', commit: 'c0ffee', state: 'waiting' })[0]).toContain('update to c0ffee');
  });

  test('does not claim that a command gets on while no agent runs', () => {
    const open = { kind: 'update', state: 'running', phase: 'installing' } as const;
    expect(shownOne(open, { running: false })[0]).toMatch(/begun, ends when the agent runs again$/);
    expect(shownOne({ ...open, state: 'waiting' }, { running: false })[0]).toMatch(/begins when the agent runs again$/);
  });

  test('cannot be forged by text from others', () => {
    const lines = shownOne({
      kind: 'x\ny',
      state: 'ended',
      outcome: 'failed',
      errorCode: 'e',
      message: 'a\nb\u001b[2J',
    });
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain('\u001b');
  });
});
