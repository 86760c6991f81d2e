import { commandKinds } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { acceptedKinds, showAcceptedKinds } from '../../config/accepted-kinds.js';
import { acceptedCommands, acceptedWords, whyNotAccepted } from './accepted-commands.js';

describe('BASEOS_COMMANDS', () => {
  test.each([
    ['all', [...commandKinds], true],
    ['none', [], false],
    ['reboot', ['reboot', 'preview'], false],
    [' Update , FORCE ', ['update', 'preview'], true],
  ])('%s', (text, kinds, force) => {
    expect(acceptedKinds(text)).toEqual({ ok: true, value: { kinds, force } });
  });

  test.each(['', 'dance', 'all,reboot', 'none,reboot', 'force', 'reboot;update', 'reboot,'])(
    'does not accept "%s"',
    (text) => {
      expect(acceptedKinds(text)).toMatchObject({ ok: false, problem: expect.stringMatching(/^(?:in )?which /) });
    },
  );

  test('is shown as it would be written', () => {
    expect(showAcceptedKinds({ kinds: ['update', 'preview'], force: true })).toBe('update,preview,force');
    expect(showAcceptedKinds({ kinds: [], force: false })).toBe('none');
  });
});

describe('what a device accepts', () => {
  const https = new URL('https://cloudly.example');
  const http = new URL('http://cloudly.example');

  test('without a setting: everything but shutdown and force', () => {
    const accepted = acceptedCommands({ cloudlyUrl: https });
    expect(accepted.kinds).toEqual(commandKinds.filter((kind) => kind !== 'shutdown'));
    expect(whyNotAccepted({ kind: 'reboot' }, accepted)).toBeUndefined();
    expect(whyNotAccepted({ kind: 'reboot', force: true }, accepted)).toContain('force');
    expect(whyNotAccepted({ kind: 'shutdown' }, accepted)).toContain('BASEOS_COMMANDS');
  });

  test('is told with force among the kinds, as it is set', () => {
    expect(acceptedWords({ kinds: ['update', 'preview'], force: true })).toEqual(['update', 'preview', 'force']);
    expect(acceptedWords({ kinds: ['update'], force: false })).toEqual(['update']);
    expect(acceptedWords({ kinds: [], force: true })).toEqual([]);
  });

  test('over plain http to another machine: nothing, unless it is set', () => {
    expect(acceptedCommands({ cloudlyUrl: new URL('http://127.0.0.1:8080') }).kinds).not.toEqual([]);
    const accepted = acceptedCommands({ cloudlyUrl: http });
    expect(accepted.kinds).toEqual([]);
    expect(whyNotAccepted({ kind: 'blink' }, accepted)).toContain('plain http');
    const set = { kinds: ['blink' as const], force: false };
    expect(acceptedCommands({ cloudlyUrl: http, commands: set })).toBe(set);
  });
});
