import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordedUpdates } from '../../test/recorded-updates.js';
import { anyUpdateSample, updateSample } from '../../test/update-samples.js';
import { isReleaseReplaced, isUpdateApplied, isUpdateRejected } from './settled-update.js';

const old = updateSample();
const applied = updateSample({ app: { runningCommit: 'new', targetCommit: 'new' } });
const pending = updateSample({ updatePending: true, appState: 'applying', app: { targetCommit: 'new' } });
const rejected = updateSample({ app: { targetCommit: 'new', updateStatus: 'rejected' } });

describe('a release counts as applied', () => {
  test.each([
    ['after two looks at it', [pending, applied, applied], true],
    ['not after one', [pending, applied], false],
    ['not if the two looks show different releases', [old, applied], false],
    ['not if something was pending at the first', [{ ...applied, updatePending: true }, applied], false],
    ['not before there were two', [applied], false],
    ['not without a look', [], false],
    ['not if something is pending again', [applied, applied, pending], false],
  ])('%s', (_when, samples, expected) => {
    expect(isUpdateApplied(samples)).toBe(expected);
  });

  test('not at any look of a recording but the last', () => {
    for (const { looks } of recordedUpdates) {
      const samples = looks.map(({ sample }) => sample);
      const early = samples.slice(0, -1).filter(({ app }) => app.runningCommit !== app.targetCommit);
      for (const sample of early) expect(isUpdateApplied([sample, sample])).toBe(false);
    }
  });
});

describe('a release counts as rejected', () => {
  test.each([
    ['after two looks', [rejected, rejected], true],
    ['not after one', [pending, rejected], false],
    [
      'not if another release is rejected next',
      [rejected, { ...rejected, app: { ...rejected.app, targetCommit: 'x' } }],
      false,
    ],
    ['not without a look', [], false],
  ])('%s', (_when, samples, expected) => {
    expect(isUpdateRejected(samples)).toBe(expected);
  });
});

describe('another release runs', () => {
  const otherAppIsLocked = { ...applied, updatePending: true, updateFailed: true, appState: 'applying' };
  const withTargets = (status: string) => ({
    ...otherAppIsLocked,
    app: { ...applied.app, targetServices: [{ name: 'main', status }] },
  });
  const stopping = { ...applied.app.services[0], name: 'main', status: 'Stopping' };

  test.each([
    ['though a lock in another app keeps the flags up', [otherAppIsLocked, otherAppIsLocked], 'old', true],
    ['not by one look', [pending, otherAppIsLocked], 'old', false],
    ['not before there were two', [otherAppIsLocked], 'old', false],
    ['not if it ran before', [otherAppIsLocked, otherAppIsLocked], 'new', false],
    ['not if nobody knows what ran before', [otherAppIsLocked, otherAppIsLocked], undefined, false],
    ['not without all its containers', [withTargets('Downloaded'), withTargets('Downloaded')], 'old', false],
    ['not without all its images', [withTargets('Downloading'), withTargets('Downloading')], 'old', false],
    [
      'not while a container stops',
      [otherAppIsLocked, { ...otherAppIsLocked, app: { ...applied.app, services: [stopping] } }],
      'old',
      false,
    ],
    ['not if the target is yet another', [pending, pending], 'older', false],
  ])('%s', (_when, samples, before, expected) => {
    expect(isReleaseReplaced(samples, before)).toBe(expected);
  });
});

test('no sequence of looks is both applied and rejected, and each verdict is about the newest release', () => {
  fc.assert(
    fc.property(fc.array(anyUpdateSample, { maxLength: 6 }), (samples) => {
      const isApplied = isUpdateApplied(samples);
      expect(isApplied && isUpdateRejected(samples)).toBe(false);
      const { app, updatePending } = samples.at(-1) ?? updateSample();
      const runsTarget = !updatePending && (app.targetCommit ?? app.runningCommit) === app.runningCommit;
      expect(!isApplied || runsTarget).toBe(true);
    }),
  );
});
