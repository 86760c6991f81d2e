import { describe, expect, test } from 'vitest';
import { appId, askNotes, deviceView, service, silentView, sinceAsk } from '../../../test/device-views.js';
import { restartService } from './restart-service.js';

const command = { kind: 'restart-service', service: 'main' };
const own = { kind: 'restart-service', service: 'baserunner' };
const notes = askNotes({ containers: { main: 'main-1' } });
const ownNotes = askNotes({ containers: { baserunner: 'baserunner-1' } });
const running = deviceView();
const replaced = deviceView({ app: { services: [service('main', 2), service('baserunner')] } });
const stopping = deviceView({ app: { services: [service('main', 1, 'Stopping'), service('baserunner')] } });
const ranToItsEnd = deviceView({ app: { services: [service('main', 2, 'exited'), service('baserunner')] } });
const succeeded = { kind: 'ended', ending: { outcome: 'succeeded' } };
const goesOn = { kind: 'goes-on', phase: 'restarting' };

test('before it is asked, the container and the release of the service are noted', () => {
  expect(restartService.prepare(command, running)).toEqual({ kind: 'ready', notes });
});

test.each([
  [{ kind: 'restart-service' }, { kind: 'end', ending: { outcome: 'failed', error: { code: 'malformed' } } }],
  [
    { ...command, service: 'x' },
    { kind: 'end', ending: { outcome: 'failed', error: { code: 'no-such-service' } } },
  ],
  [
    { ...command, appId: 8 },
    { kind: 'end', ending: { outcome: 'failed', error: { code: 'out-of-scope' } } },
  ],
])('%j is judged before anything is asked', (wrong, expected) => {
  expect(restartService.prepare(wrong, running)).toMatchObject(expected);
});

test('it may be the service of BaseRunner itself', () => {
  expect(restartService.prepare(own, running)).toEqual({ kind: 'ready', notes: ownNotes });
});

describe('after the Supervisor has accepted it', () => {
  test.each([
    ['it has succeeded when the service runs in another container', replaced, succeeded],
    ['it has succeeded when the service runs, because old Supervisors keep the container', running, succeeded],
    ['it goes on while the container stops', stopping, goesOn],
    ['it goes on after one look at a container that has ended', ranToItsEnd, goesOn],
    [
      'it goes on while the Supervisor is away',
      silentView(),
      { ...goesOn, reason: 'The Supervisor cannot be reached.' },
    ],
  ])('%s', (_what, view, expected) => {
    expect(restartService.watch(command, notes, view, sinceAsk([view]))).toMatchObject(expected);
  });

  test('it has succeeded when a new container has run to its end, as two looks say', () => {
    expect(restartService.watch(command, notes, ranToItsEnd, sinceAsk([ranToItsEnd, ranToItsEnd]))).toMatchObject(
      succeeded,
    );
  });
});

describe('after an answer that was lost', () => {
  test.each([
    ['another container proves it', replaced, succeeded],
    ['the same container proves nothing', running, goesOn],
    ['a container that stops proves nothing yet', stopping, goesOn],
  ])('%s', (_what, view, expected) => {
    expect(restartService.watch(command, notes, view, sinceAsk([view], { accepted: false }))).toMatchObject(expected);
  });

  test('a container that is gone for now proves nothing', () => {
    const gone = deviceView({ app: { services: [service('baserunner')] } });
    const since = sinceAsk([gone, gone], { accepted: false });
    expect(restartService.watch(command, notes, gone, since)).toMatchObject(goesOn);
  });

  test('a service that had no container has one', () => {
    const created = deviceView({ app: { services: [service('main')] } });
    const none = askNotes({ containers: {} });
    expect(restartService.watch(command, none, created, sinceAsk([created], { accepted: false }))).toMatchObject(
      succeeded,
    );
  });
});

describe('after a restart of its own service', () => {
  const after = { accepted: false, restarted: true };

  const both = { services: [service('baserunner', 2), service('baserunner', 1, 'Stopping')] };
  const next = { services: [service('main'), service('baserunner', 2)] };
  const elsewhere = { containerId: 'of-another-engine' };

  test.each([
    ['another container proves it', deviceView({ app: next, own: { containerId: 'baserunner-2' } }), after, succeeded],
    [
      'another container proves it beside the one that stops',
      deviceView({ app: both, own: { containerId: 'baserunner-2' } }),
      after,
      succeeded,
    ],
    [
      'the one that stops proves nothing beside the next',
      deviceView({ app: both, own: { containerId: 'baserunner-1' } }),
      after,
      goesOn,
    ],
    ['another container proves it, as the Supervisor lists it', deviceView({ app: next }), after, succeeded],
    ['the list counts if the own container is none of it', deviceView({ app: next, own: elsewhere }), after, succeeded],
    ['an own container that is not listed proves nothing', deviceView({ own: elsewhere }), after, goesOn],
    ['the same container proves nothing', deviceView({ own: { containerId: 'baserunner-1' } }), after, goesOn],
    [
      'the same container after a SIGTERM proves it',
      deviceView({ own: { containerId: 'baserunner-1' } }),
      { ...after, sawOwnStop: true },
      succeeded,
    ],
    ['a SIGTERM proves it while the Supervisor is away', silentView(), { ...after, sawOwnStop: true }, succeeded],
    [
      'a SIGTERM alone proves nothing before the agent has ended',
      deviceView(),
      { accepted: false, sawOwnStop: true },
      goesOn,
    ],
  ])('%s', (_what, view, since, expected) => {
    expect(restartService.watch(own, ownNotes, view, sinceAsk([view], since))).toMatchObject(expected);
  });

  test('a SIGTERM of the agent proves nothing about another service', () => {
    const since = sinceAsk([running], { ...after, sawOwnStop: true });
    expect(restartService.watch(command, notes, running, since)).toMatchObject(goesOn);
  });

  test('a service of the same name in another app is not its own', () => {
    const view = deviceView({ own: { appId: 7, containerId: 'baserunner-2' } });
    expect(restartService.watch({ ...own, appId }, ownNotes, view, sinceAsk([view], after))).toMatchObject(goesOn);
  });
});

describe('with a soak', () => {
  const soaked = { ...command, soakMs: 60_000 };

  test('it goes on until the service has kept running', () => {
    expect(restartService.watch(soaked, notes, replaced, sinceAsk([replaced]))).toMatchObject({ phase: 'verifying' });
    const held = sinceAsk([replaced], { verifying: { sinceMs: 60_000, from: replaced } });
    expect(restartService.watch(soaked, notes, replaced, held)).toMatchObject(succeeded);
  });

  test('it has failed when the service ends, even after its container has gone', () => {
    const since = sinceAsk([ranToItsEnd], { verifying: { sinceMs: 3000, from: replaced } });
    expect(restartService.watch(soaked, notes, ranToItsEnd, since)).toMatchObject({
      kind: 'ended',
      ending: { outcome: 'failed', error: { code: 'unstable' } },
    });
  });

  test('it goes on while the Supervisor is away', () => {
    const since = sinceAsk([silentView()], { verifying: { sinceMs: 60_000, from: replaced } });
    expect(restartService.watch(soaked, notes, silentView(), since)).toMatchObject({
      kind: 'goes-on',
      phase: 'verifying',
    });
  });
});
