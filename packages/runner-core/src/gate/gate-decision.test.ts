import { commandKinds } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { appView, deviceView, silentView } from '../../test/device-views.js';
import { type DecisionParts, gateDecision } from './gate-decision.js';

const rest = deviceView();
/** As a Supervisor reports a release that a lock holds. */
const held = deviceView({
  supervisor: { updatePending: true, updateFailed: true, updateDownloaded: true, appState: 'applying' },
  app: { targetCommit: 'new', updateStatus: 'downloaded' },
});
const downloading = deviceView({
  supervisor: { updatePending: true, appState: 'applying' },
  app: { targetCommit: 'new', updateStatus: 'downloading', isDownloading: true, downloadProgressPercent: 26 },
});
const otherVariables = deviceView({ supervisor: { updatePending: true, updateFailed: true, appState: 'applying' } });

function decide(kind: string, changes: Partial<DecisionParts> = {}) {
  const decision = gateDecision({ command: { kind }, mode: 'gated', openedBy: undefined, view: rest, ...changes });
  if (decision.kind === 'end') return decision.ending.error?.code;
  return decision.kind === 'open' ? `open for ${decision.for}` : decision.kind;
}

const ownLockInTheWay = ['restart-app', 'restart-service', 'stop-service', 'reboot', 'shutdown'];

describe('behind a closed gate', () => {
  test.each(ownLockInTheWay)(
    '%s gets the lock released if there is nothing to apply, and is refused otherwise',
    (kind) => {
      expect(decide(kind)).toBe('open for own-command');
      for (const view of [held, downloading, otherVariables, silentView()]) {
        expect(decide(kind, { view })).toBe('gate-closed');
      }
    },
  );

  test('start-service needs no lock, and would start the new container of a release that waits', () => {
    expect(decide('start-service')).toBe('pass');
    expect(decide('start-service', { view: held })).toBe('gate-closed');
  });

  test('a release of another app is held by the same rule, because a reboot concerns all', () => {
    const other = appView({ appId: 2, runningCommit: 'old', targetCommit: 'new' });
    expect(decide('reboot', { view: deviceView({ apps: [other] }) })).toBe('gate-closed');
  });

  test('an update opens it, but never during a download, which would begin again', () => {
    expect(decide('update')).toBe('open for update');
    expect(decide('update', { view: held })).toBe('open for update');
    expect(
      gateDecision({ command: { kind: 'update' }, mode: 'gated', openedBy: undefined, view: downloading }),
    ).toEqual({
      kind: 'wait',
      phase: 'downloading',
      reason: expect.any(String),
      progressPercent: 26,
      retryMs: 10_000,
    });
  });

  test('what changes nothing passes, and so does what only a newer version knows', () => {
    for (const kind of ['blink', 'preview', 'defragment']) expect(decide(kind, { view: held })).toBe('pass');
  });

  test('the refusal names the release and what to do', () => {
    const decision = gateDecision({ command: { kind: 'reboot' }, mode: 'gated', openedBy: undefined, view: held });
    expect(decision).toMatchObject({
      kind: 'end',
      ending: {
        outcome: 'refused',
        error: { message: expect.stringMatching(/release new .* Order the update first/) },
      },
    });
  });
});

describe('with an open gate, or none', () => {
  test.each([
    { mode: 'free' as const },
    { openedBy: 'silence' as const },
    { openedBy: 'crash-loop' as const },
    { openedBy: 'update' as const },
  ])('nothing is refused: %j', (open) => {
    for (const kind of commandKinds) {
      for (const view of [rest, held, downloading]) {
        expect(decide(kind, { view, ...open })).toMatch(/^(?:pass|open for (?:update|own-command))$/);
      }
    }
  });
});
