import { describe, expect, test } from 'vitest';

import { createSupervisor } from '../../src/index.js';
import { GatedDevice } from './gated-device.js';

describe('until', () => {
  test('resolves at once with a state that meets the condition', async () => {
    using device = new GatedDevice();
    const { apps } = await device.caller.supervisor.until(() => true);
    expect(apps[0]?.commit).toBe('old');
  });

  test('resolves with the first state that meets it, as time passes', async () => {
    using device = new GatedDevice();
    await device.offer();
    const stopping = device.caller.supervisor.until(({ apps }) => apps[0]?.update?.stage === 'stopping');
    await device.pass(20_000);
    expect((await stopping).apps[0]?.containers.map(({ status }) => status)).toEqual(['Stopping', 'Stopping']);
  });

  test('sees a lock file that somebody creates', async () => {
    using device = new GatedDevice();
    const locked = device.caller.supervisor.until(({ apps }) => apps[0]?.lockedBy === 'agent');
    device.closeGate();
    await device.pass(100);
    expect((await locked).apps[0]?.locks).toEqual(['agent']);
  });

  test('jumps on a clock that cannot sleep', async () => {
    const supervisor = createSupervisor({ clock: { now: () => 0 }, relay: false });
    supervisor.releaseAvailable({ commit: 'new' });
    supervisor.pollCloud();
    expect((await supervisor.until(({ apps }) => apps[0]?.update === undefined)).apps[0]?.commit).toBe('new');
  });

  test('rejects when its signal aborts', async () => {
    using device = new GatedDevice();
    const abort = new AbortController();
    const never = device.caller.supervisor.until(() => false, abort.signal);
    abort.abort(new Error('enough'));
    await expect(never).rejects.toThrow('enough');
  });
});

test('the folder of a lock is that of the option, and there is none without it', () => {
  using device = new GatedDevice();
  expect(device.caller.supervisor.lockFolder({ serviceName: 'agent' })).toMatch(/1234567.agent$/);
  expect(() => device.caller.supervisor.lockFolder({ serviceName: 'nobody' })).toThrow(
    'lockFolder: app 1234567 has no service "nobody". Its services: main, agent.',
  );
  expect(createSupervisor().lockFolder()).toBeUndefined();
});

test.each<[mistake: (device: GatedDevice) => void, told: string]>([
  [({ caller }) => caller.supervisor.killSupervisor({ downMs: -1 }), 'killSupervisor: downMs must be a number of'],
  [
    ({ caller }) => caller.supervisor.rebootHost({ containersAfterMs: 2, supervisorAfterMs: 1 }),
    'rebootHost: containersAfterMs must not be later',
  ],
  [({ caller }) => caller.supervisor.configAvailable({ a: 1 } as never), 'configAvailable: config must be'],
])('%s is a mistake that is told', (mistake, told) => {
  using device = new GatedDevice();
  expect(() => mistake(device)).toThrow(told);
});

test.each<[services: object[], told: string]>([
  [[{ serviceName: 'a', strategy: 'none' }], 'apps[0].services[0].strategy must be one of'],
  [[{ serviceName: 'a', stopDurationMs: -1 }], 'apps[0].services[0].stopDurationMs must be a number of milliseconds'],
])('the option services: %j is a mistake that is told', (services, told) => {
  expect(() => createSupervisor({ apps: [{ appId: 7, services: services as never }] })).toThrow(told);
});

test('a device may have no address', async () => {
  using device = new GatedDevice({ ipAddress: '' });
  expect(await device.caller.read('/v1/device')).not.toHaveProperty('ip_address');
});
