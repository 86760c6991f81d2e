import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appView, askNotes, deviceView, service, silentView, sinceAsk } from '../../../test/device-views.js';
import { recordedUpdates } from '../../../test/recorded-updates.js';
import { anyUpdateSample } from '../../../test/update-samples.js';
import type { AppView, DeviceView } from '../device/device-view.js';
import type { SinceAsk, Watched } from './command-action.js';
import { watchUpdate } from './watch-update.js';

const command = { kind: 'update' };
const notes = askNotes({ targetCommit: 'new' });
const stalledMs = 60 * 60_000;

const newServices = [service('main', 2), service('baserunner', 2)];
const applied = deviceView({ app: { runningCommit: 'new', targetCommit: 'new', services: newServices } });
const unchanged = deviceView();
const downloading = pending({ isDownloading: true, downloadProgressPercent: 40, updateStatus: 'downloading' });
const waiting = pending({ targetServices: awaiting('Downloaded'), updateStatus: 'downloaded' }, true);
const failing = pending({ targetServices: awaiting('Downloading'), updateStatus: 'downloading' }, true);
const rejected = deviceView({ app: { targetCommit: 'new', updateStatus: 'rejected' } });
const installing = pending({ services: [service('main', 1, 'Stopping')], targetServices: awaiting('Downloaded') });
const starting = pending({ services: newServices });

function pending(app: Partial<AppView>, updateFailed = false): DeviceView {
  return deviceView({
    supervisor: { updatePending: true, updateFailed, updateDownloaded: true, appState: 'applying' },
    app: { targetCommit: 'new', ...app },
  });
}

function awaiting(status: string) {
  return [
    { name: 'main', status },
    { name: 'baserunner', status },
  ];
}

function watch(views: readonly DeviceView[], changes: Partial<SinceAsk> = {}, request: object = {}): Watched {
  return watchUpdate({ ...command, ...request }, notes, views.at(-1) ?? silentView(), sinceAsk(views, changes));
}

describe('on the way, it is', () => {
  test.each([
    ['downloading', downloading, { phase: 'downloading', progressPercent: 40 }],
    [
      'waiting for a lock',
      waiting,
      { phase: 'waiting-for-lock', reason: expect.stringMatching(/holds its update lock/) },
    ],
    [
      'downloading again and again',
      failing,
      { phase: 'waiting-for-lock', reason: expect.stringMatching(/It retries\.$/) },
    ],
    ['installing', installing, { phase: 'installing' }],
    ['restarting', starting, { phase: 'restarting' }],
    ['where it was, while the Supervisor is away', silentView(), { reason: 'The Supervisor cannot be reached.' }],
  ])('%s', (_what, view, expected) => {
    expect(watch([view])).toMatchObject({ kind: 'goes-on', ...expected });
  });

  test('in its last phase while the Supervisor is away', () => {
    expect(watch([downloading, silentView()])).toMatchObject({ phase: 'downloading' });
    expect(watch([installing, silentView()])).toMatchObject({ phase: 'installing' });
  });

  test('finishing rather than locked, when new containers run and the flag of a failure is still there', () => {
    const finishing = pending({ services: newServices }, true);
    expect(watch([finishing, finishing])).toMatchObject({ phase: 'restarting' });
  });

  test('locked, when only a label changes and the containers are the same', () => {
    const held = pending({ targetCommit: 'old' }, true);
    expect(watch([held, held])).toMatchObject({ phase: 'waiting-for-lock' });
  });
});

describe('when the release runs', () => {
  test('one look settles nothing', () => {
    expect(watch([starting, applied])).toMatchObject({ kind: 'goes-on' });
  });

  test('two looks begin the soak', () => {
    expect(watch([applied, applied])).toMatchObject({ kind: 'goes-on', phase: 'verifying' });
  });

  test('it has succeeded after the soak, with both releases', () => {
    const verifying = { sinceMs: 60_000, from: applied };
    expect(watch([applied, applied], { verifying })).toEqual({
      kind: 'ended',
      ending: { outcome: 'succeeded', details: { commit: 'new', previousCommit: 'old', changed: true } },
    });
  });

  test('it has succeeded at once without a soak, if the services run', () => {
    expect(watch([applied, applied], {}, { soakMs: 0 })).toMatchObject({ ending: { outcome: 'succeeded' } });
  });

  test('it has failed without a soak if a service that ran before does not run', () => {
    const crashed = deviceView({
      app: {
        runningCommit: 'new',
        targetCommit: 'new',
        services: [service('main', 2, 'exited'), service('baserunner', 2)],
      },
    });
    expect(watch([crashed, crashed], {}, { soakMs: 0 })).toMatchObject({
      ending: { outcome: 'failed', error: { code: 'unstable' }, details: { commit: 'new', changed: true } },
    });
  });

  test('it is not done before each service of the release has its container', () => {
    const half = deviceView({
      app: { runningCommit: 'new', targetCommit: 'new', services: newServices, targetServices: awaiting('Downloaded') },
    });
    expect(watch([half, half])).toMatchObject({ kind: 'goes-on', phase: 'restarting' });
  });

  test('a service that the release no longer has need not run', () => {
    const without = deviceView({
      app: {
        runningCommit: 'new',
        targetCommit: 'new',
        services: [service('main', 2)],
        targetServices: [{ name: 'main', status: 'Running' }],
      },
    });
    expect(watch([without, without], { verifying: { sinceMs: 60_000, from: without } })).toMatchObject({
      ending: { outcome: 'succeeded' },
    });
  });

  test('a release of the same images is one, though the containers stay', () => {
    const renamed = deviceView({ app: { runningCommit: 'new', targetCommit: 'new' } });
    expect(watch([renamed, renamed])).toMatchObject({ phase: 'verifying' });
  });
});

describe('during the soak', () => {
  const verifying = { sinceMs: 6000, from: applied };

  test.each([
    ['goes on while the services run', applied, { kind: 'goes-on', phase: 'verifying' }],
    ['goes on while the Supervisor is away', silentView(), { kind: 'goes-on', phase: 'verifying' }],
    [
      'goes on while the next release waits behind a lock',
      deviceView({
        supervisor: { updatePending: true, updateFailed: true, appState: 'applying' },
        app: { runningCommit: 'new', targetCommit: 'newer', services: newServices },
      }),
      { kind: 'goes-on', phase: 'verifying' },
    ],
    [
      'has failed when a service crashes',
      deviceView({
        app: { runningCommit: 'new', targetCommit: 'new', services: [service('main', 3), service('baserunner', 2)] },
      }),
      { kind: 'ended', ending: { outcome: 'failed', error: { code: 'unstable' } } },
    ],
  ])('it %s', (_what, view, expected) => {
    expect(watch([applied, view], { verifying })).toMatchObject(expected);
  });

  test('a crash of the ordered release is one, and not another release', () => {
    const crashed = deviceView({
      app: {
        runningCommit: 'new',
        targetCommit: 'new',
        services: [service('main', 2, 'exited'), service('baserunner', 2)],
      },
    });
    expect(watch([applied, crashed], { verifying }, { commit: 'new' })).toMatchObject({
      ending: { outcome: 'failed', error: { code: 'unstable' } },
    });
  });

  const replacing = deviceView({
    supervisor: { updatePending: true, appState: 'applying' },
    app: { runningCommit: 'new', targetCommit: 'newer', services: [service('main', 2, 'Stopping')] },
  });

  test('a newer release that takes over is followed', () => {
    expect(watch([applied, replacing], { verifying })).toMatchObject({ kind: 'goes-on', phase: 'installing' });
  });

  test('a newer release that takes over ends an order of this one', () => {
    expect(watch([applied, replacing], { verifying }, { commit: 'new' })).toMatchObject({
      ending: {
        outcome: 'failed',
        error: {
          code: 'other-release',
          message: 'The command was for the release new. The release newer replaced it before it had run long enough.',
        },
      },
    });
  });
});

describe('when nothing has changed', () => {
  test.each([
    ['it is waited for the Supervisor to look for a release', { askedMsAgo: 29_999 }, {}, { kind: 'goes-on' }],
    [
      'there was nothing to update after 30 s',
      { askedMsAgo: 30_000 },
      {},
      {
        kind: 'ended',
        ending: { outcome: 'succeeded', details: { commit: 'old', previousCommit: 'old', changed: false } },
      },
    ],
    [
      'a lost request is waited for, and asked again',
      { accepted: false, askedMsAgo: 600_000 },
      {},
      { kind: 'goes-on' },
    ],
    [
      'a lost request with force is not asked again',
      { accepted: false, askedMsAgo: 300_000 },
      { force: true },
      { kind: 'ended', ending: { outcome: 'interrupted' } },
    ],
    [
      'the ordered release was taken back',
      { askedMsAgo: 30_000 },
      { commit: 'new' },
      { kind: 'ended', ending: { outcome: 'failed', error: { code: 'other-release' } } },
    ],
  ])('%s', (_what, since, request, expected) => {
    expect(watch([unchanged, unchanged], since, request)).toMatchObject(expected);
  });

  test('the same release in other containers is a change', () => {
    const relabelled = deviceView({ app: { services: newServices } });
    expect(watch([relabelled, relabelled])).toMatchObject({ phase: 'verifying' });
  });
});

describe('an ordered release', () => {
  const other = pending({ targetCommit: 'newer', updateStatus: 'downloaded', targetServices: awaiting('Downloaded') });

  test('gives up when the device is to run another one, as two looks say', () => {
    expect(watch([other], {}, { commit: 'new' })).toMatchObject({ kind: 'goes-on' });
    expect(watch([other, other], {}, { commit: 'new' })).toMatchObject({
      ending: {
        outcome: 'failed',
        error: {
          code: 'other-release',
          message: 'The command was for the release new. The device is now to run the release newer.',
        },
      },
    });
  });

  test('is followed to its end once something is being installed', () => {
    const late = pending({ targetCommit: 'newer', services: [service('main', 1, 'Stopping')] });
    expect(watch([late, late], {}, { commit: 'new' })).toMatchObject({ kind: 'goes-on', phase: 'installing' });
  });

  test('has failed if another one runs in the end', () => {
    const newer = deviceView({ app: { runningCommit: 'newer', targetCommit: 'newer', services: newServices } });
    expect(watch([newer, newer], {}, { commit: 'new' })).toMatchObject({
      ending: {
        outcome: 'failed',
        error: {
          code: 'other-release',
          message: 'The command was for the release new. The device runs the release newer.',
        },
        details: { commit: 'newer', previousCommit: 'old', changed: true },
      },
    });
  });
});

describe('it has failed', () => {
  test('when the Supervisor rejects the release, as two looks say', () => {
    expect(watch([rejected])).toMatchObject({ kind: 'goes-on' });
    expect(watch([rejected, rejected])).toMatchObject({ ending: { outcome: 'failed', error: { code: 'rejected' } } });
  });

  test.each([
    ['failing', [failing, failing]],
    ['downloading without more', [downloading, downloading]],
    ['waiting for a service that stops for ever', [installing, installing]],
    ['with the Supervisor away', [silentView()]],
  ])('after 60 minutes without progress, %s: stalled, and the Supervisor goes on', (_what, views) => {
    expect(watch(views, { lastProgressMsAgo: stalledMs - 1 })).toMatchObject({ kind: 'goes-on', madeProgress: false });
    expect(watch(views, { lastProgressMsAgo: stalledMs })).toMatchObject({
      ending: {
        outcome: 'failed',
        error: { code: 'stalled', message: expect.stringMatching(/The Supervisor continues on its own\.$/) },
      },
    });
  });
});

test('a lock does not make it stall, however long a service holds it', () => {
  expect(watch([waiting, waiting], { lastProgressMsAgo: 20 * stalledMs })).toMatchObject({
    kind: 'goes-on',
    phase: 'waiting-for-lock',
    madeProgress: true,
  });
});

test('a download that gets on does not stall', () => {
  const more = pending({ isDownloading: true, downloadProgressPercent: 41 });
  expect(watch([downloading, more], { lastProgressMsAgo: stalledMs })).toMatchObject({ madeProgress: true });
});

describe('as real Supervisors show it, an update', () => {
  test.each([
    ['19.0.5: the lock is released, and the update asked for', 'waiting-for-lock installing restarting verifying'],
    [
      '16.12.9: the lock is released, and the update asked for',
      'downloading installing waiting-for-lock installing restarting verifying',
    ],
    ['14.13.14: the lock is released, and the update asked for', 'waiting-for-lock installing restarting verifying'],
    [
      '19.0.5: a service that is stopped before its download waits behind a lock',
      'waiting-for-lock installing downloading waiting-for-lock installing restarting verifying',
    ],
    ['19.0.5: a release with the same images waits behind a lock', 'installing waiting-for-lock verifying'],
  ])('goes through its phases: %s', (situation, expected) => {
    const { looks } = recordedUpdates.find((recorded) => recorded.situation === situation) ?? { looks: [] };
    // The last look is one at rest.
    const samples = [...looks, ...looks.slice(-1)].map(({ sample }) => sample);
    const views = samples.map(({ app, ...flags }) =>
      viewOf(appView({ ...app, services: [...app.services], targetServices: [...app.targetServices] }), flags),
    );
    const [first] = samples;
    const containers = Object.fromEntries(
      first?.app.services.map(({ name, containerId }) => [name, containerId ?? '']) ?? [],
    );
    const noted = askNotes({ containers, fromCommit: first?.app.runningCommit, targetCommit: first?.app.targetCommit });
    const phases = views.map((view, at) => {
      const watched = watchUpdate(command, noted, view, sinceAsk(views.slice(Math.max(0, at - 2), at + 1)));
      return watched.kind === 'goes-on' ? watched.phase : watched.ending.outcome;
    });
    expect(phases.filter((phase, at) => phase !== phases[at - 1]).join(' ')).toBe(expected);
  });
});

describe('any sequence of looks', () => {
  const anyView: fc.Arbitrary<DeviceView> = fc.oneof(
    {
      weight: 5,
      arbitrary: anyUpdateSample.map(({ app, ...flags }) =>
        viewOf(appView({ ...app, services: [...app.services], targetServices: [...app.targetServices] }), flags),
      ),
    },
    { weight: 2, arbitrary: fc.constant(applied) },
    { weight: 1, arbitrary: fc.constant(silentView()) },
  );
  const request = fc.record({ force: fc.boolean(), commit: fc.constantFrom(undefined, 'new', 'newer') });

  test('ends at most once, in success only with the release that was ordered and that runs', () => {
    fc.assert(
      fc.property(fc.array(anyView, { minLength: 1, maxLength: 60 }), request, (views, more) => {
        const { ended, at } = followed(views, { ...command, ...more, commit: more.commit });
        const app = views[at]?.supervisor?.apps[0];
        const isRight =
          more.commit === undefined || app?.runningCommit === undefined || app.runningCommit === more.commit;
        expect(ended?.ending.outcome === 'succeeded' && !isRight).toBe(false);
      }),
    );
  });

  test('never goes back from verifying to something else for the same release in the same containers', () => {
    fc.assert(
      fc.property(fc.array(anyView, { maxLength: 10 }), anyView, (views, flags) => {
        // Whatever the flags say, the release that was applied still runs.
        const next = viewOf(applied.supervisor?.apps[0] ?? appView(), flags.supervisor ?? {});
        const since = { verifying: { sinceMs: 6000, from: applied } };
        expect(watch([...views, next], since)).toMatchObject({ kind: 'goes-on', phase: 'verifying' });
      }),
    );
  });
});

function viewOf(app: AppView, flags: Partial<NonNullable<DeviceView['supervisor']>>): DeviceView {
  const view = deviceView({ supervisor: flags });
  return { ...view, supervisor: view.supervisor && { ...view.supervisor, apps: [app] } };
}

/** The looks as a worker takes them, three seconds apart. */
function followed(views: readonly DeviceView[], request: typeof command & { commit: string | undefined }) {
  let verifying: SinceAsk['verifying'];
  for (const [at, view] of views.entries()) {
    const samples = views.slice(Math.max(0, at - 2), at + 1);
    const watched = watchUpdate(request, notes, view, sinceAsk(samples, { askedMsAgo: at * 3000, verifying }));
    if (watched.kind === 'ended') return { ended: watched, at };
    const { from, sinceMs } = verifying ?? { from: view, sinceMs: -3000 };
    verifying = watched.phase === 'verifying' ? { from, sinceMs: sinceMs + 3000 } : undefined;
  }
  return { ended: undefined, at: views.length - 1 };
}
