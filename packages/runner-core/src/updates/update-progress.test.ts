import { describe, expect, test } from 'vitest';
import { lastSampleOf, recordedUpdates } from '../../test/recorded-updates.js';
import { updateSample } from '../../test/update-samples.js';
import { hasUpdateProgressed } from './update-progress.js';

const failed = updateSample({ updatePending: true, updateFailed: true, app: { targetCommit: 'new' } });

describe('progress is', () => {
  test.each([
    ['more of a download', downloading(3), downloading(4)],
    ['a further image', targets('Downloading', 'Downloading'), targets('Downloaded', 'Downloading')],
    ['a further service with its container', targets('Downloaded', 'Running'), targets('Running', 'Running')],
    ['another target', updateSample(), updateSample({ app: { targetCommit: 'new' } })],
    ['another running release', updateSample(), updateSample({ app: { runningCommit: 'new' } })],
    [
      'another container',
      updateSample(),
      updateSample({ app: { services: [{ name: 'main', status: 'Running', containerId: 'main-2' }] } }),
    ],
  ])('%s', (_what, before, after) => {
    expect(hasUpdateProgressed(before, after)).toBe(true);
  });
});

describe('no progress is', () => {
  test.each([
    ['the same again', downloading(3), downloading(3)],
    ['a download that begins again', downloading(3), downloading(0)],
    ['another attempt after a failure', failed, downloading(0)],
    ['an attempt that fails', downloading(3), failed],
    ['a container that goes away', updateSample(), updateSample({ app: { services: [] } })],
    [
      'a service that is listed without a container',
      updateSample(),
      updateSample({ app: { services: [{ name: 'main', status: 'Running' }] } }),
    ],
    ['a container that starts over and over', crashing('restarting'), crashing('Running')],
  ])('%s', (_what, before, after) => {
    expect(hasUpdateProgressed(before, after)).toBe(false);
  });
});

test('a release that waits behind a lock makes no progress', () => {
  const sample = lastSampleOf('19.0.5: a release is downloaded behind a lock');
  expect(hasUpdateProgressed(sample, sample)).toBe(false);
});

test('each recorded update makes progress on its way', () => {
  const updates = recordedUpdates.filter(({ situation }) => situation.includes('asked for'));
  expect(updates).toHaveLength(3);
  for (const { looks } of updates) {
    const steps = looks.filter(({ sample }, at) => hasUpdateProgressed(looks[at - 1]?.sample ?? sample, sample));
    expect(steps.length).toBeGreaterThan(0);
  }
});

function downloading(downloadProgressPercent: number) {
  return updateSample({
    updatePending: true,
    app: { targetCommit: 'new', isDownloading: true, downloadProgressPercent },
  });
}

function targets(...statuses: string[]) {
  const targetServices = statuses.map((status, at) => ({ name: `s${at}`, status }));
  return updateSample({ updatePending: true, app: { targetServices } });
}

function crashing(status: string) {
  return updateSample({ updatePending: true, app: { services: [{ name: 'main', status, containerId: 'main-2' }] } });
}
