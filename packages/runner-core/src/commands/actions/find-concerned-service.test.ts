import { describe, expect, test } from 'vitest';
import { appId, appView, deviceView, silentView } from '../../../test/device-views.js';
import { findConcernedApp } from './find-concerned-app.js';
import { findConcernedService } from './find-concerned-service.js';

const kind = 'stop-service';
const other = appView({ appId: 7, services: [], targetServices: [{ name: 'web', status: 'Running' }] });

describe('a command is about', () => {
  test.each([
    ["BaseRunner's own app, if it names none", {}, deviceView({ apps: [other] }), appId],
    ['the app that it names', { appId: 7 }, deviceView({ apps: [other] }), 7],
  ])('%s', (_what, command, view, expected) => {
    expect(findConcernedApp(command, view)).toMatchObject({ kind: 'found', app: { appId: expected } });
  });
});

describe('a command about an app ends or waits', () => {
  test.each([
    ['without an app', {}, deviceView({ own: { appId: undefined } }), { kind: 'end', ending: failedWith('malformed') }],
    ['out of the scope of the key', { appId: 8 }, deviceView(), { kind: 'end', ending: failedWith('out-of-scope') }],
    [
      'until the Supervisor answers',
      {},
      silentView(),
      { kind: 'wait', phase: 'postponed', reason: 'The Supervisor cannot be reached.', retryMs: 10_000 },
    ],
  ])('%s', (_when, command, view, expected) => {
    expect(findConcernedApp(command, view)).toMatchObject(expected);
  });
});

describe('a service is found', () => {
  test.each([
    ['by its name', { service: 'main' }, deviceView(), 'main'],
    [
      'without a container',
      { service: 'extra' },
      deviceView({ app: { targetServices: [{ name: 'extra', status: 'Downloaded' }] } }),
      'extra',
    ],
    [
      'by any name, if it is the only one',
      { service: 'worker' },
      deviceView({ app: { services: [], targetServices: [{ name: 'main', status: 'Running' }] } }),
      'main',
    ],
    ['in another app', { service: 'any', appId: 7 }, deviceView({ apps: [other] }), 'web'],
  ])('%s', (_how, command, view, expected) => {
    expect(findConcernedService({ kind, ...command }, view)).toMatchObject({ kind: 'found', service: expected });
  });
});

describe('a command about a service fails', () => {
  test.each([
    ['without a service', {}, 'malformed', 'stop-service names no service.'],
    ['with an empty name', { service: ' ' }, 'malformed', 'stop-service names no service.'],
    [
      'if there is no such service',
      { service: 'mian' },
      'no-such-service',
      'App 1234567 has no service "mian". The app has baserunner, main.',
    ],
    [
      'out of the scope of the key',
      { service: 'main', appId: 8 },
      'out-of-scope',
      "App 8 is not on this device, or BaseRunner's key gives no access to it.",
    ],
  ])('%s', (_when, command, code, message) => {
    expect(findConcernedService({ kind, ...command }, deviceView())).toEqual({
      kind: 'end',
      ending: { outcome: 'failed', error: { code, message } },
    });
  });

  test('in an app that has none', () => {
    const view = deviceView({ app: { services: [], targetServices: [] } });
    expect(findConcernedService({ kind, service: 'main' }, view)).toMatchObject({
      ending: failedWith('no-such-service'),
    });
  });
});

function failedWith(code: string) {
  return { outcome: 'failed', error: { code } };
}
