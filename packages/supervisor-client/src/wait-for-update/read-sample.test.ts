import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { container, image, newId, oldId, sample, service, withoutApp } from '../../test/update-samples.js';
import type { AppService, AppState } from '../answers/app-state.js';
import { readSample, type Reading } from './read-sample.js';
import type { UpdateSample } from './update-sample.js';

const applying = { appState: 'applying' } as const;
const pending = { updatePending: true };
const failed = { ...pending, updateFailed: true };
const downloaded = { ...pending, updateDownloaded: true };
const target: Partial<AppState> = {
  commit: 'new',
  updateStatus: 'done',
  services: [service(newId, 'Downloaded')],
};
const both = [image(oldId), image(newId)];

/** Two services run, one image has come, and the last attempt has failed. */
function oneOfTwo(services: AppService[]) {
  return sample({
    device: { ...failed, updateDownloaded: true },
    status: { ...applying, containers: [container(oldId), container(7, 'Running', 'other')], images: both },
    app: { ...target, services },
  });
}

/** Each as a Supervisor shows it on the way from an old release to a new one. */
const samples: [string, UpdateSample, Partial<Reading> & { kind: Reading['kind'] }][] = [
  ['nothing to do', sample(), { kind: 'idle', current: 'old', target: 'old' }],
  ['no app at all', sample({ status: { containers: [], images: [], release: undefined as never } }), { kind: 'idle' }],
  [
    'an update that has just begun, and only one of the places shows it',
    sample({ status: applying }),
    { kind: 'preparing' },
  ],
  ['a target without any progress yet', sample({ device: pending, app: target }), { kind: 'preparing' }],
  [
    'a download that has just begun',
    sample({ device: pending, status: { ...applying, overallDownloadProgressPercent: 0 }, app: target }),
    { kind: 'downloading', downloadProgressPercent: 0 },
  ],
  [
    'a download that only its images show',
    sample({
      device: pending,
      status: { ...applying, images: [image(newId, 'Downloading', 40), image(3, 'Downloading', 61, 'other')] },
    }),
    { kind: 'downloading', downloadProgressPercent: 51 },
  ],
  [
    'a download that only the service shows, while the app says "done"',
    sample({
      device: downloaded,
      status: applying,
      app: { ...target, services: [{ ...service(newId, 'Downloading'), downloadProgressPercent: 100 }] },
    }),
    { kind: 'downloading', downloadProgressPercent: 100 },
  ],
  [
    'everything downloaded',
    sample({
      device: downloaded,
      status: { ...applying, images: both },
      app: { ...target, updateStatus: 'downloaded' },
    }),
    { kind: 'downloaded', current: 'old', target: 'new' },
  ],
  [
    'the old container being stopped',
    sample({ device: downloaded, status: { ...applying, containers: [container(oldId, 'Stopping')], images: both } }),
    { kind: 'installing' },
  ],
  [
    'no container at the moment',
    sample({ device: downloaded, status: { ...applying, containers: [], images: [image(newId)] }, app: target }),
    { kind: 'installing' },
  ],
  [
    'the new container running, with the release not yet counted as applied',
    sample({
      device: downloaded,
      status: { ...applying, containers: [container(newId)], images: [image(newId)] },
      app: { ...target, services: [service(newId, 'Running')] },
    }),
    { kind: 'installing' },
  ],
  [
    'a device that applies changes without a download',
    sample({ device: pending, status: applying, app: { updateStatus: 'applying changes' } }),
    { kind: 'installing' },
  ],
  [
    'a blocking lock',
    sample({
      device: { ...failed, updateDownloaded: true },
      status: { ...applying, images: both },
      app: { ...target, updateStatus: 'downloaded' },
    }),
    { kind: 'locked', target: 'new' },
  ],
  [
    'a lock that blocks a crashing service',
    sample({
      device: { ...failed, updateDownloaded: true },
      status: { ...applying, containers: [container(oldId, 'exited')], images: both },
      app: target,
    }),
    { kind: 'locked' },
  ],
  [
    'an image that cannot be downloaded',
    sample({ device: failed, status: applying, app: { ...target, services: [] } }),
    { kind: 'failing', failure: 'download' },
  ],
  [
    'another attempt to download it',
    sample({ device: failed, status: { ...applying, overallDownloadProgressPercent: 0 }, app: target }),
    { kind: 'failing', failure: 'download' },
  ],
  [
    'another attempt with progress',
    sample({ device: failed, status: { ...applying, overallDownloadProgressPercent: 3 }, app: target }),
    { kind: 'downloading', downloadProgressPercent: 3 },
  ],
  [
    'a new container that cannot be started',
    sample({
      device: { ...failed, updateDownloaded: true },
      status: { ...applying, containers: [container(newId, 'exited')], images: both },
      app: { ...target, services: [service(newId, 'exited')] },
    }),
    { kind: 'failing', failure: 'installation' },
  ],
  [
    'one image of two that cannot be downloaded',
    oneOfTwo([service(newId, 'Downloaded'), { ...service(8, 'Downloading', 'other'), downloadProgressPercent: 0 }]),
    { kind: 'failing', failure: 'download' },
  ],
  ['a lock that blocks a release with one service less', oneOfTwo([service(newId, 'Downloaded')]), { kind: 'locked' }],
  [
    'a target whose download has not begun',
    sample({ device: pending, status: applying, app: { ...target, services: [service(newId, 'Downloading')] } }),
    { kind: 'preparing' },
  ],
  [
    'a rejected release',
    sample({ app: { ...target, updateStatus: 'rejected', services: [] } }),
    { kind: 'failing', failure: 'rejected' },
  ],
  [
    'an abandoned download',
    sample({ app: { ...target, updateStatus: 'aborted' } }),
    { kind: 'failing', failure: 'aborted' },
  ],
  [
    'another target release without any progress yet',
    sample({ app: target }),
    { kind: 'not-applied', current: 'old', target: 'new' },
  ],
  [
    'the new release',
    sample({ status: { release: 'new' }, app: target }),
    { kind: 'idle', current: 'new', target: 'new' },
  ],
];

describe('a sample with', () => {
  test.each(samples)('%s', (_what, given, expected) => {
    expect(readSample(given)).toMatchObject(expected);
  });
});

/** What a Supervisor before 17.7 does not report is derived from containers and images. */
const alike = new Set(['idle', 'preparing', 'downloading', 'downloaded', 'installing', 'locked']);
const ofOlder = samples.filter(
  ([what, given, { kind }]) =>
    alike.has(kind) &&
    given.app?.updateStatus !== 'applying changes' &&
    !/only the service|new container|less|crashing/.test(what),
);

describe('without `updateStatus`, a sample with', () => {
  test.each(ofOlder)('%s', (_what, given, { kind }) => {
    expect(readSample(withoutApp(given))).toMatchObject({ kind });
  });

  test('one image of two, and either a lock or the other image blocking', () => {
    const given = withoutApp(oneOfTwo([]));
    expect(readSample(given)).toMatchObject({ kind: 'failing', failure: 'undetermined' });
  });

  test('a crashing container, old or new, with a lock or without', () => {
    const given = sample({
      device: { ...failed, updateDownloaded: true },
      status: { ...applying, containers: [container(oldId, 'exited')], images: both },
    });
    expect(readSample(withoutApp(given))).toMatchObject({ kind: 'failing', failure: 'undetermined' });
  });

  test('a new container that is not started', () => {
    const given = sample({
      device: { ...failed, updateDownloaded: true },
      status: { ...applying, containers: [container(newId, 'Installed')], images: [image(newId)] },
    });
    expect(readSample(withoutApp(given))).toMatchObject({ kind: 'failing', failure: 'installation' });
  });
});

test('any sample has a meaning, and an idle one means that nothing is in progress', () => {
  const percent = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
  const flags = fc.record({ updatePending: fc.boolean(), updateFailed: fc.boolean(), updateDownloaded: fc.boolean() });
  const containerStatus = fc.constantFrom('Running', 'Stopping', 'Installed', 'exited');
  const anySample = fc
    .record({
      flags,
      percent,
      appState: fc.constantFrom('applied', 'applying', 'odd'),
      containers: fc.array(fc.tuple(fc.constantFrom(oldId, newId), containerStatus), { maxLength: 2 }),
      images: fc.array(fc.tuple(fc.constantFrom(oldId, newId), fc.constantFrom('Downloading', 'Downloaded'), percent), {
        maxLength: 2,
      }),
      updateStatus: fc.constantFrom(
        'done',
        'rejected',
        'aborted',
        'downloading',
        'downloaded',
        'applying changes',
        'odd',
      ),
      commit: fc.constantFrom('old', 'new'),
      hasApp: fc.boolean(),
    })
    .map(({ flags: device, percent: overall, appState, containers, images, updateStatus, commit, hasApp }) => {
      const full = sample({
        device,
        status: {
          appState,
          ...(overall !== undefined && { overallDownloadProgressPercent: overall }),
          containers: containers.map(([id, status]) => container(id, status)),
          images: images.map(([id, status, progress]) => image(id, status, progress)),
        },
        app: { updateStatus, commit },
      });
      return hasApp ? full : withoutApp(full);
    });
  fc.assert(
    fc.property(anySample, (given) => {
      const { kind } = readSample(given);
      const isQuiet =
        !given.device.updatePending &&
        given.status.appState === 'applied' &&
        given.status.overallDownloadProgressPercent === undefined &&
        given.status.images.every(({ status }) => status !== 'Downloading') &&
        !['rejected', 'aborted'].includes(given.app?.updateStatus ?? '') &&
        (given.app?.commit ?? 'old') === 'old';
      expect(kind === 'idle').toBe(isQuiet);
    }),
  );
});
