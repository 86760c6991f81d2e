import { describe, expect, test } from 'vitest';
import { askNotes, deviceView, service, silentView, sinceAsk } from '../../../test/device-views.js';
import { restartApp } from './restart-app.js';

const command = { kind: 'restart-app' };
const notes = askNotes();
const running = deviceView();
const recreated = deviceView({ app: { services: [service('main', 2), service('baserunner', 2)] } });
const half = deviceView({ app: { services: [service('main', 1), service('baserunner', 2)] } });
const stopping = deviceView({
  app: { services: [service('main', 1, 'Stopping'), service('baserunner', 1, 'Stopping')] },
});
const succeeded = { kind: 'ended', ending: { outcome: 'succeeded' } };
const goesOn = { kind: 'goes-on', phase: 'restarting' };

test('before it is asked, the containers that run are noted', () => {
  const view = deviceView({
    app: { services: [...(running.supervisor?.apps[0]?.services ?? []), service('job', 1, 'exited')] },
  });
  expect(restartApp.prepare(command, view)).toEqual({ kind: 'ready', notes });
});

test('an app out of scope fails before anything is asked', () => {
  expect(restartApp.prepare({ ...command, appId: 8 }, running)).toMatchObject({
    ending: { outcome: 'failed', error: { code: 'out-of-scope' } },
  });
});

describe('it has', () => {
  const lost = { accepted: false };
  const after = { accepted: false, restarted: true };

  test.each([
    ['succeeded when all containers are others', recreated, lost, succeeded],
    [
      'succeeded when the Supervisor said so and all run, because old Supervisors keep the containers',
      running,
      {},
      succeeded,
    ],
    ['not ended while the containers stop', stopping, {}, goesOn],
    ['not ended while they are gone', deviceView({ app: { services: [] } }), {}, goesOn],
    ['not ended when nothing proves it', running, lost, goesOn],
    ['not ended when only a part is restarted', half, lost, goesOn],
    [
      'not ended while the Supervisor is away',
      silentView(),
      {},
      { ...goesOn, reason: 'The Supervisor cannot be reached.' },
    ],
    ['succeeded when the own container is another after a restart, and all run', half, after, succeeded],
    [
      'succeeded when the own container was told to stop, and all run again',
      running,
      { ...after, sawOwnStop: true },
      succeeded,
    ],
    ['not ended when the agent alone has restarted', running, after, goesOn],
  ])('%s', (_what, view, since, expected) => {
    expect(restartApp.watch(command, notes, view, sinceAsk([view], since))).toMatchObject(expected);
  });
});

test('an app of which nothing ran is restarted when the Supervisor says so', () => {
  const view = deviceView({ app: { services: [] } });
  const none = askNotes({ containers: {} });
  expect(restartApp.watch(command, none, view, sinceAsk([view]))).toMatchObject(succeeded);
  expect(restartApp.watch(command, none, view, sinceAsk([view], { accepted: false }))).toMatchObject(goesOn);
});

test('with a soak, all of them have to keep running', () => {
  const soaked = { ...command, soakMs: 60_000 };
  expect(restartApp.watch(soaked, notes, recreated, sinceAsk([recreated]))).toMatchObject({ phase: 'verifying' });
  const crashed = deviceView({ app: { services: [service('main', 3), service('baserunner', 2)] } });
  const since = sinceAsk([crashed], { verifying: { sinceMs: 6000, from: recreated } });
  expect(restartApp.watch(soaked, notes, crashed, since)).toMatchObject({
    ending: {
      outcome: 'failed',
      error: { code: 'unstable', message: 'The service main did not keep running: it runs in another container.' },
    },
  });
});
