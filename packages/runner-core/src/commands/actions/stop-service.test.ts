import { describe, expect, test } from 'vitest';
import { appId, appView, askNotes, deviceView, service, silentView, sinceAsk } from '../../../test/device-views.js';
import { stopService } from './stop-service.js';

const command = { kind: 'stop-service', service: 'main' };
const running = deviceView();
const stopped = deviceView({ app: { services: [service('main', 1, 'exited'), service('baserunner')] } });
const stopping = deviceView({ app: { services: [service('main', 1, 'Stopping'), service('baserunner')] } });
const notes = askNotes({ containers: { main: 'main-1' } });
const only = { services: [service('main')], targetServices: [{ name: 'main', status: 'Running' }] };
const other = appView({ appId: 7, ...only });

test('another service may be stopped', () => {
  expect(stopService.prepare(command, running)).toEqual({ kind: 'ready', notes });
});

test('a service that is stopped is not stopped again', () => {
  expect(stopService.prepare(command, stopped)).toEqual({
    kind: 'end',
    ending: { outcome: 'succeeded', details: { changed: false } },
  });
});

describe('stopping BaseRunner itself is refused', () => {
  test.each([
    ['by its name', { ...command, service: 'baserunner' }, running],
    ['as the only service, under any name', { ...command, service: 'x' }, deviceView({ app: only })],
    ['as the only service, though another name is set', command, deviceView({ app: only })],
    ['by its container', command, deviceView({ own: { service: undefined, containerId: 'main-1' } })],
    [
      'if its container is none of the app, so that it could be any service',
      command,
      deviceView({ own: { service: undefined, containerId: 'elsewhere' } }),
    ],
    ['if it could be any service of its app', command, deviceView({ own: { service: undefined } })],
  ])('%s', (_how, request, view) => {
    expect(stopService.prepare(request, view)).toMatchObject({
      kind: 'end',
      ending: { outcome: 'refused', error: { code: 'own-agent' } },
    });
  });
});

describe('it is not BaseRunner itself', () => {
  test.each([
    ['in another app, though it is the only service there', { ...command, appId: 7 }, deviceView({ apps: [other] })],
    [
      'if its container is another one of the app',
      command,
      deviceView({ own: { service: undefined, containerId: 'baserunner-1' } }),
    ],
    ['outside of an app', { ...command, appId }, deviceView({ own: { appId: undefined, service: undefined } })],
  ])('%s', (_when, request, view) => {
    expect(stopService.prepare(request, view)).toMatchObject({ kind: 'ready' });
  });
});

describe('after the ask', () => {
  const gone = deviceView({ app: { services: [service('baserunner')] } });

  test.each([
    [
      'a container that has ended proves it',
      stopped,
      { kind: 'ended', ending: { outcome: 'succeeded', details: { changed: true } } },
    ],
    ['so does one that is gone', gone, { kind: 'ended', ending: { outcome: 'succeeded' } }],
    ['a container that stops goes on', stopping, { kind: 'goes-on', phase: 'restarting' }],
    ['a container that runs goes on', running, { kind: 'goes-on' }],
    [
      'a silent Supervisor proves nothing',
      silentView(),
      { kind: 'goes-on', reason: 'The Supervisor cannot be reached.' },
    ],
  ])('%s, whether the answer came or not', (_what, view, expected) => {
    for (const accepted of [true, false]) {
      expect(stopService.watch(command, notes, view, sinceAsk([view], { accepted }))).toMatchObject(expected);
    }
  });
});
