import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lastSampleOf, recordedUpdates } from '../../test/recorded-updates.js';
import { anyUpdateSample, updateSample } from '../../test/update-samples.js';
import { updateStage } from './update-stage.js';
import type { UpdateSample } from './update-sample.js';

/** What a follower of each recording sees, without repetitions. */
const stagesOfRecordings: Readonly<Record<string, string>> = {
  '19.0.5: a release is downloaded behind a lock': 'not-begun downloading downloaded locked',
  // The flag of the failure stays until the release is applied: what stands still is taken for a lock for a second.
  '19.0.5: the lock is released, and the update asked for': 'locked installing locked applied',
  '19.0.5: the Supervisor restarts while a release waits behind a lock': 'locked',
  '19.0.5: two updates without a lock, one with a service that takes 10 s to stop':
    'downloading downloaded installing starting preparing downloaded installing starting applied',
  '19.0.5: a service that hands over is replaced behind a lock': 'downloading downloaded locked installing locked',
  '19.0.5: a service that is stopped before its download waits behind a lock':
    'undetermined installing downloading locked installing applied',
  '19.0.5: a release with a further service waits behind a lock': 'preparing downloaded locked installing undetermined',
  '19.0.5: only a label changes, behind a lock': 'starting installing applied',
  '19.0.5: a release with the same images waits behind a lock': 'downloaded locked applied',
  '19.0.5: a lock refuses restarts while there is nothing to update': 'applied',
  '19.0.5: the Supervisor is killed during an update, and locked out of the rest':
    'preparing downloaded installing locked applied',
  '16.12.9: a release is downloaded behind a lock': 'downloading downloaded locked',
  '16.12.9: the lock is released, and the update asked for': 'downloading downloaded locked installing locked applied',
  '14.13.14: a release is downloaded behind a lock': 'not-begun downloading downloaded locked',
  '14.13.14: the lock is released, and the update asked for': 'locked installing locked applied',
};

describe('on a real Supervisor', () => {
  test.each(recordedUpdates)('$situation', ({ situation, looks }) => {
    const kinds = looks.map(({ sample }, index) => updateStage(sample, looks[index - 1]?.sample).kind);
    const followed = kinds.filter((kind, index) => kind !== kinds[index - 1]);
    expect(followed.join(' ')).toBe(stagesOfRecordings[situation]);
  });

  test('a release that waits behind a lock goes on to be locked, look after look', () => {
    for (const situation of [
      '19.0.5: a release is downloaded behind a lock',
      '19.0.5: the Supervisor restarts while a release waits behind a lock',
      '16.12.9: a release is downloaded behind a lock',
      '14.13.14: a release is downloaded behind a lock',
    ]) {
      const last = lastSampleOf(situation);
      expect(updateStage(last, last)).toEqual({ kind: 'locked' });
    }
  });
});

const failed = { updatePending: true, updateFailed: true, appState: 'applying' } as const;
const pending = { updatePending: true, appState: 'applying' } as const;
const awaited = [
  { name: 'main', status: 'Downloading' },
  { name: 'baserunner', status: 'Downloading' },
];
const created = [
  { name: 'main', status: 'Running' },
  { name: 'baserunner', status: 'Running' },
];

describe('a look shows', () => {
  test.each<[string, UpdateSample, object]>([
    ['nothing to do', updateSample(), { kind: 'applied' }],
    [
      'a restart in progress, and no update',
      updateSample({ appState: 'applying', app: { updateStatus: 'done' } }),
      { kind: 'applied' },
    ],
    ['a release that is not begun', updateSample({ app: { targetCommit: 'new' } }), { kind: 'not-begun' }],
    [
      'a Supervisor that names no target and does something',
      updateSample({ appState: 'applying', app: { targetCommit: undefined, targetServices: [] } }),
      { kind: 'preparing' },
    ],
    [
      'a first installation',
      updateSample({
        ...pending,
        app: { runningCommit: undefined, services: [], targetServices: [{ name: 'main', status: 'Downloaded' }] },
      }),
      { kind: 'installing' },
    ],
    [
      'a release that the device cannot run',
      updateSample({ app: { updateStatus: 'rejected', targetCommit: 'new' } }),
      { kind: 'failing', failure: 'rejected' },
    ],
    [
      'a download that was given up',
      updateSample({ ...failed, app: { updateStatus: 'aborted', targetCommit: 'new' } }),
      { kind: 'failing', failure: 'aborted' },
    ],
    [
      'images that cannot be downloaded',
      updateSample({ ...failed, app: { targetCommit: 'new', updateStatus: 'downloading', targetServices: awaited } }),
      { kind: 'failing', failure: 'download' },
    ],
    [
      'images that cannot be downloaded, before 17.7',
      updateSample({ ...failed, app: { targetCommit: 'new', updateStatus: undefined, targetServices: [] } }),
      { kind: 'failing', failure: 'download' },
    ],
    [
      'another attempt to download them',
      updateSample({ ...failed, app: { targetCommit: 'new', isDownloading: true, downloadProgressPercent: 3 } }),
      { kind: 'downloading', progressPercent: 3 },
    ],
    [
      'one image of two that does not come',
      updateSample({
        ...failed,
        updateDownloaded: true,
        app: { targetCommit: 'new', targetServices: [{ name: 'main', status: 'Downloaded' }, ...awaited.slice(1)] },
      }),
      { kind: 'undetermined' },
    ],
    [
      'one image of two that does not come, before 17.7',
      updateSample({
        ...failed,
        updateDownloaded: true,
        app: {
          targetCommit: 'new',
          updateStatus: undefined,
          targetServices: [{ name: 'main', status: 'Downloaded' }],
        },
      }),
      { kind: 'undetermined' },
    ],
    [
      'a container that was just created',
      updateSample({
        ...pending,
        app: { targetCommit: 'new', services: [{ name: 'main', status: 'Installed', containerId: '2' }] },
      }),
      { kind: 'installing' },
    ],
    [
      'a device that applies changes without a download, on an old Supervisor',
      updateSample({ ...pending, updateDownloaded: true, app: { updateStatus: undefined, targetServices: [] } }),
      { kind: 'downloaded' },
    ],
  ])('%s', (_what, sample, expected) => {
    expect(updateStage(sample)).toEqual(expected);
  });

  test.each<[string, UpdateSample, object]>([
    [
      'a new container that does not start',
      updateSample({
        ...failed,
        updateDownloaded: true,
        app: {
          targetCommit: 'new',
          services: [{ name: 'main', status: 'Installed', containerId: '2' }],
          targetServices: [{ name: 'main', status: 'Installed' }],
        },
      }),
      { kind: 'failing', failure: 'installation' },
    ],
    [
      'a change without a download behind a lock',
      updateSample({ ...failed, app: { targetServices: created } }),
      { kind: 'locked' },
    ],
  ])('by standing still: %s', (_what, sample, expected) => {
    expect(updateStage(sample, sample)).toEqual(expected);
  });

  test('by changing: containers that are being replaced, whatever the flags say', () => {
    const before = updateSample({ ...failed, updateDownloaded: true, app: { targetCommit: 'new' } });
    const after = { ...before, app: { ...before.app, services: before.app.services.slice(1) } };
    expect(updateStage(after, before)).toEqual({ kind: 'installing' });
  });
});

test('any look has a meaning, and applied means that the target runs and nothing is pending or downloading', () => {
  fc.assert(
    fc.property(anyUpdateSample, fc.option(anyUpdateSample, { nil: undefined }), (sample, previous) => {
      const { kind } = updateStage(sample, previous);
      const { updatePending, updateFailed, app } = sample;
      const isTarget = app.targetCommit === undefined || app.targetCommit === app.runningCommit;
      const means: Partial<Record<typeof kind, boolean>> = {
        applied: !updatePending && !app.isDownloading && isTarget,
        downloading: app.isDownloading,
        locked: updateFailed && !app.isDownloading,
      };
      expect(means[kind]).not.toBe(false);
    }),
  );
});

test('whether a release is applied does not depend on the flag of a failure', () => {
  fc.assert(
    fc.property(anyUpdateSample, anyUpdateSample, (sample, previous) => {
      const isApplied = (updateFailed: boolean) =>
        updateStage({ ...sample, updateFailed }, previous).kind === 'applied';
      expect(isApplied(true)).toBe(isApplied(false));
    }),
  );
});
