import { describe, expect, test } from 'vitest';
import { askNotes, deviceView, service, silentView, sinceAsk } from '../../../test/device-views.js';
import { startService } from './start-service.js';

const command = { kind: 'start-service', service: 'main' };
const stopped = deviceView({ app: { services: [service('main', 1, 'exited'), service('baserunner')] } });
const starting = deviceView({ app: { services: [service('main', 1, 'Starting'), service('baserunner')] } });
const running = deviceView();
const notes = askNotes({ containers: { main: 'main-1' } });

test('a stopped service may be started', () => {
  expect(startService.prepare(command, stopped)).toEqual({ kind: 'ready', notes });
});

test('a service without a container may be started', () => {
  const view = deviceView({ app: { services: [service('baserunner')] } });
  expect(startService.prepare(command, view)).toEqual({ kind: 'ready', notes: { ...notes, containers: {} } });
});

test('a service that runs is not started again', () => {
  expect(startService.prepare(command, running)).toEqual({
    kind: 'end',
    ending: { outcome: 'succeeded', details: { changed: false } },
  });
});

test('a service that is not there fails before anything is asked', () => {
  expect(startService.prepare({ ...command, service: 'x' }, stopped)).toMatchObject({
    ending: { outcome: 'failed', error: { code: 'no-such-service' } },
  });
});

describe.each([
  ['accepted', { accepted: true }],
  ['lost', { accepted: false }],
  ['from before a restart of the agent', { accepted: false, restarted: true }],
])('after an answer that was %s', (_how, since) => {
  test.each([
    [
      'a service that runs was started',
      running,
      { kind: 'ended', ending: { outcome: 'succeeded', details: { changed: true } } },
    ],
    ['a service that starts goes on', starting, { kind: 'goes-on', reason: 'The container of main is Starting.' }],
    ['a stopped service goes on', stopped, { kind: 'goes-on', reason: 'The container of main is exited.' }],
    ['a silent Supervisor goes on', silentView(), { kind: 'goes-on', reason: 'The Supervisor cannot be reached.' }],
  ])('%s', (_what, view, expected) => {
    expect(startService.watch(command, notes, view, sinceAsk([view], since))).toMatchObject(expected);
  });
});

test('with a soak, a service that ends again has failed', () => {
  const soaked = { ...command, soakMs: 9000 };
  expect(startService.watch(soaked, notes, running, sinceAsk([running]))).toMatchObject({ phase: 'verifying' });
  const since = sinceAsk([stopped], { verifying: { sinceMs: 3000, from: running } });
  expect(startService.watch(soaked, notes, stopped, since)).toMatchObject({
    ending: { outcome: 'failed', error: { code: 'unstable' } },
  });
});
