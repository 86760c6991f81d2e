import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastSampleOf, recordedUpdates } from '../../test/recorded-updates.js';
import { anyUpdateSample, updateSample } from '../../test/update-samples.js';
import { findStagedRelease } from './staged-release.js';

function looksOf(situation: string, untilSeconds: number) {
  const looks = recordedUpdates.find((recorded) => recorded.situation === situation)?.looks ?? [];
  return looks.filter(({ atSeconds }) => atSeconds <= untilSeconds).map(({ sample }) => sample);
}

describe('on a real Supervisor, a release is staged', () => {
  test.each([
    ['when the Supervisor says so', '19.0.5: a release is downloaded behind a lock', 6.51, 'c2'],
    ['not while a part of it is downloaded', '19.0.5: a release is downloaded behind a lock', 0.25, undefined],
    ['not while it is installed', '19.0.5: the lock is released, and the update asked for', 0.81, undefined],
    ['not when it runs', '19.0.5: the lock is released, and the update asked for', 5.66, undefined],
    ['before 17.7, by two looks', '16.12.9: a release is downloaded behind a lock', 7.21, 'c2'],
    ['before 17.7, not by one', '16.12.9: a release is downloaded behind a lock', 7.02, undefined],
    ['on 14', '14.13.14: a release is downloaded behind a lock', 7.02, 'c2'],
    [
      'if a service is stopped before its download, which the Supervisor never calls downloaded',
      '19.0.5: a service that is stopped before its download waits behind a lock',
      0.3,
      '14',
    ],
    ['if it has the same images', '19.0.5: a release with the same images waits behind a lock', 0.39, 'c2'],
    ['not if only a label changes', '19.0.5: only a label changes, behind a lock', 0, undefined],
  ])('%s', (_when, situation, untilSeconds, expected) => {
    expect(findStagedRelease(looksOf(situation, untilSeconds))).toBe(expected);
  });

  test('after a restart of the Supervisor, although it has forgotten the download', () => {
    const situation = '19.0.5: the Supervisor restarts while a release waits behind a lock';
    expect(findStagedRelease([lastSampleOf(situation)])).toBe('c6');
  });
});

describe('a release whose attempts fail', () => {
  const failing = { updatePending: true, updateFailed: true, appState: 'applying' } as const;
  const awaited = { name: 'main', status: 'Downloading' };

  test.each(['downloading', 'done', undefined])('is not staged without an image of it (%s)', (updateStatus) => {
    const app = { updateStatus, targetCommit: 'new', targetServices: [awaited, { ...awaited, name: 'baserunner' }] };
    const look = updateSample({ ...failing, app });
    expect(findStagedRelease([look, look])).toBeUndefined();
    const partly = { ...app, targetServices: [awaited, { name: 'baserunner', status: 'Downloaded' }] };
    const partlyThere = updateSample({ ...failing, app: partly });
    expect(findStagedRelease([partlyThere, partlyThere])).toBe('new');
  });

  test.each(['aborted', 'rejected'])('is not staged if the Supervisor calls it %s', (updateStatus) => {
    const look = updateSample({ ...failing, app: { updateStatus, targetCommit: 'new' } });
    expect(findStagedRelease([look, look])).toBeUndefined();
  });
});

test('another target is not staged by looks at the one before', () => {
  const waiting = { updatePending: true, updateFailed: true, updateDownloaded: true, appState: 'applying' } as const;
  const before = updateSample({ ...waiting, app: { updateStatus: undefined, targetCommit: 'new' } });
  const after = updateSample({ ...waiting, app: { updateStatus: undefined, targetCommit: 'newer' } });
  expect(findStagedRelease([before, before])).toBe('new');
  expect(findStagedRelease([before, after])).toBeUndefined();
});

test('nothing is staged without a look', () => {
  expect(findStagedRelease([])).toBeUndefined();
});

test('what is staged is the target of the newest look, pending, and neither running nor downloading', () => {
  fc.assert(
    fc.property(fc.array(anyUpdateSample, { maxLength: 4 }), (samples) => {
      const staged = findStagedRelease(samples);
      const { updatePending, app } = samples.at(-1) ?? updateSample();
      const { targetCommit, runningCommit, isDownloading } = app;
      const waits = staged === targetCommit && staged !== runningCommit && updatePending && !isDownloading;
      expect(staged === undefined || waits).toBe(true);
    }),
  );
});
