import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { createSupervisor } from './index.js';
import type { SupervisorOptions } from './index.js';

test.each<[SupervisorOptions, string]>([
  [{ apiKey: 'no-key' }, 'apiKey must be'],
  [{ globalApiKey: '' }, 'globalApiKey must be'],
  [{ downloadDurationMs: -1 }, 'downloadDurationMs must be'],
  [{ rebootDurationMs: Number.NaN }, 'rebootDurationMs must be'],
  [{ localMode: 1 as unknown as boolean }, 'localMode must be'],
  [{ seed: null as unknown as string }, 'seed must be'],
  [{ fault: 'fire' as 'none' }, 'fault must be'],
  [{ clock: {} as unknown as { now(): number } }, 'clock must be'],
  [{ apps: {} as unknown as [] }, 'apps must be'],
  [{ apps: [{ appId: 0 }] }, 'apps[0].appId must be'],
  [{ apps: [{ appId: 1 }, { appId: 1 }] }, 'apps must be'],
  [{ apps: [{ appId: 1, commit: '' }] }, 'apps[0].commit must be'],
  [{ apps: [{ appId: 1, services: ['main', 'main'] }] }, 'apps[0].services must be'],
  [{ port: 1 } as SupervisorOptions, 'unknown option "port"'],
  [null as unknown as SupervisorOptions, 'options must be'],
])('%j throws a TypeError that names the option', (options, told) => {
  expect(() => createSupervisor(options)).toThrow(TypeError);
  expect(() => createSupervisor(options)).toThrow(told);
});

test('an invalid key is not repeated', () => {
  expect(() => createSupervisor({ apiKey: 'my-secret' })).not.toThrow('my-secret');
});

test('controls report an unknown app or service', () => {
  const supervisor = createSupervisor();
  expect(() => supervisor.lock({ serviceName: 'nobody' })).toThrow('has no service "nobody". Its services: main.');
  expect(() => supervisor.unlock({ appId: 5 })).toThrow('this device has no app 5');
  expect(() => supervisor.releaseAvailable({ commit: '' })).toThrow('commit must be');
  expect(() => supervisor.releaseAvailable({ commit: 'new', firstImageId: 0 })).toThrow('firstImageId must be');
  expect(() => supervisor.rotateApiKey('my-secret')).toThrow(/^rotateApiKey: key must be a string of letters/);
  expect(() => createSupervisor({ apps: [] }).lock()).toThrow('this device has no app');
});

test('the same seed and times give the same IDs, and another seed gives others', () => {
  const clock = { now: () => 0 };
  const [one, same, other] = ['a', 'a', 'b'].map((seed) => createSupervisor({ seed, clock }).state);
  expect(same).toEqual(one);
  expect(other?.bootId).not.toBe(one?.bootId);
  expect(other?.apps[0]?.containers[0]?.containerId).not.toBe(one?.apps[0]?.containers[0]?.containerId);
});

test('no key appears in the object, its state or its log', async () => {
  const supervisor = createSupervisor({ apiKey: 'secretapp', globalApiKey: 'secretglobal' });
  await supervisor.fetch(new Request('http://s/v1/device?apikey=secretapp'));
  expect(supervisor.requests).toEqual([{ method: 'GET', path: '/v1/device', authenticated: true }]);
  for (const shown of [supervisor, supervisor.state, supervisor.requests]) {
    expect(inspect(shown, { depth: 9, showHidden: true, getters: false }) + JSON.stringify(shown)).not.toContain(
      'secret',
    );
  }
});

test('the log keeps the last 1000 requests', async () => {
  const supervisor = createSupervisor();
  for (let count = 1; count <= 1001; count += 1) await supervisor.fetch(new Request(`http://s/${count}`));
  expect(supervisor.requests).toHaveLength(1000);
  expect(supervisor.requests[0]?.path).toBe('/2');
});

test('later events do not change a snapshot of the state', () => {
  const supervisor = createSupervisor();
  const before = supervisor.state;
  supervisor.lock();
  expect(before.apps[0]?.lockedBy).toBeUndefined();
});

test('finishing a reboot that is not in progress changes nothing', async () => {
  const supervisor = createSupervisor();
  const { bootId } = supervisor.state;
  await supervisor.finishReboot();
  expect(supervisor.state.bootId).toBe(bootId);
});
