import { describe, expect, test } from 'vitest';
import { askNotes, deviceView, silentView } from '../../../test/device-views.js';
import { update } from './update.js';

const command = { kind: 'update' };
const waiting = deviceView({
  supervisor: { updatePending: true, updateFailed: true, updateDownloaded: true, appState: 'applying' },
  app: { targetCommit: 'new', updateStatus: 'downloaded' },
});
const downloading = deviceView({
  supervisor: { updatePending: true, appState: 'applying' },
  app: { targetCommit: 'new', updateStatus: 'downloading', isDownloading: true, downloadProgressPercent: 40 },
});

test('before it is asked, the release and the containers that run are noted', () => {
  expect(update.prepare(command, waiting)).toEqual({ kind: 'ready', notes: askNotes({ targetCommit: 'new' }) });
});

test('without a release that was ordered, the Supervisor is asked to look for one', () => {
  expect(update.prepare(command, deviceView())).toEqual({ kind: 'ready', notes: askNotes() });
});

describe('with a release that was ordered', () => {
  test('it may be asked if that is the one that is to run', () => {
    expect(update.prepare({ ...command, commit: 'new' }, waiting)).toMatchObject({ kind: 'ready' });
  });

  test('it is refused if another one is to run, with nothing asked', () => {
    expect(update.prepare({ ...command, commit: 'newer' }, waiting)).toEqual({
      kind: 'end',
      ending: {
        outcome: 'refused',
        error: {
          code: 'other-release',
          message:
            'This device is to run the release new; the command is for newer. If that was released just now, the Supervisor has not heard of it yet: send the command again later, or without a release.',
        },
        details: { commit: 'old', previousCommit: 'old', changed: false },
      },
    });
  });

  test('it has succeeded if that runs and nothing is pending, with nothing asked', () => {
    expect(update.prepare({ ...command, commit: 'old' }, deviceView())).toEqual({
      kind: 'end',
      ending: { outcome: 'succeeded', details: { commit: 'old', previousCommit: 'old', changed: false } },
    });
  });

  test('it is asked if that runs and a change of it is pending', () => {
    const pending = deviceView({ supervisor: { updatePending: true, appState: 'applying' } });
    expect(update.prepare({ ...command, commit: 'old' }, pending)).toMatchObject({ kind: 'ready' });
  });

  test('it is asked if the Supervisor does not say what is to run', () => {
    const unnamed = deviceView({ app: { targetCommit: undefined } });
    expect(update.prepare({ ...command, commit: 'new' }, unnamed)).toMatchObject({ kind: 'ready' });
  });
});

describe('while a release is downloaded', () => {
  test('the download is followed, and nothing is asked', () => {
    expect(update.prepare(command, downloading)).toEqual({ kind: 'follow', notes: askNotes({ targetCommit: 'new' }) });
  });

  test('a forced update waits for its end', () => {
    expect(update.prepare({ ...command, force: true }, downloading)).toMatchObject({
      kind: 'wait',
      phase: 'downloading',
      progressPercent: 40,
      retryMs: 10_000,
    });
  });

  test('the Supervisor is not asked a second time', () => {
    expect(update.mayAskAgain(command, downloading)).toBe(false);
  });
});

describe('a second request', () => {
  test.each([
    ['changes nothing while nothing is downloaded', command, waiting, true],
    ['would override a lock again', { ...command, force: true }, waiting, false],
    ['is not made to a Supervisor that is away', command, silentView(), false],
  ])('%s', (_what, request, view, expected) => {
    expect(update.mayAskAgain(request, view)).toBe(expected);
  });
});

test.each([
  ['waits until the Supervisor answers', command, silentView(), { kind: 'wait', phase: 'postponed' }],
  [
    'fails for an app out of scope',
    { ...command, appId: 8 },
    deviceView(),
    { kind: 'end', ending: { outcome: 'failed', error: { code: 'out-of-scope' } } },
  ],
])('it %s', (_what, request, view, expected) => {
  expect(update.prepare(request, view)).toMatchObject(expected);
});
