import { afterEach, describe, expect, test } from 'vitest';
import { CommandedDevice } from './commanded-device.js';

const opened: CommandedDevice[] = [];

async function open(options: Parameters<typeof CommandedDevice.open>[0] = {}): Promise<CommandedDevice> {
  const device = await CommandedDevice.open(options);
  opened.push(device);
  return device;
}

afterEach(async () => {
  for (const device of opened.splice(0)) await device.close();
});

const versions = ['14.13.14', '16.12.9', '17.5.0', '19.0.5'];
const succeeded = { kind: 'ended', ending: { outcome: 'succeeded' } };
const services = '/v2/applications/1234567';

describe.each(versions)('on Supervisor %s', (supervisorVersion) => {
  test.each([
    ['restart-app', {}, `${services}/restart`],
    ['restart-service', { service: 'main' }, `${services}/restart-service`],
    ['restart-service', { service: 'baserunner' }, `${services}/restart-service`],
    ['stop-service', { service: 'main' }, `${services}/stop-service`],
    ['reboot', {}, '/v1/reboot'],
  ])('%s %j is asked for once and succeeds', async (kind, more, path) => {
    const device = await open({ supervisorVersion });
    const { last } = await device.run({ kind, ...more });
    expect(last).toMatchObject(succeeded);
    expect(device.asks).toEqual([path]);
  });

  test('a stopped service is started', async () => {
    const device = await open({ supervisorVersion });
    await device.run({ kind: 'stop-service', service: 'main' });
    expect(await device.run({ kind: 'start-service', service: 'main' })).toMatchObject({ last: succeeded });
    expect(device.supervisor.state.apps[0]?.containers).toMatchObject([{ status: 'Running' }, { status: 'Running' }]);
  });

  test('the LED blinks', async () => {
    const device = await open({ supervisorVersion });
    expect(await device.run({ kind: 'blink' })).toMatchObject({ asked: succeeded });
    expect(device.asks).toEqual(['/v1/blink']);
  });

  test('a shutdown is known once the device is switched on again', async () => {
    const device = await open({ supervisorVersion });
    const { last, phases } = await device.run(
      { kind: 'shutdown' },
      { beforeLook: (look) => void (look === 3 && device.supervisor.finishReboot()) },
    );
    expect(phases).toEqual(['restarting']);
    expect(last).toMatchObject(succeeded);
  });

  test.each([
    ['restart-app', {}],
    ['restart-service', { service: 'main' }],
    ['stop-service', { service: 'main' }],
    ['reboot', {}],
    ['shutdown', {}],
  ])('%s waits while a service holds its lock, which has a name', async (kind, more) => {
    const device = await open({ supervisorVersion });
    device.supervisor.lock({ serviceName: 'main' });
    expect(await device.run({ kind, ...more })).toMatchObject({
      asked: {
        kind: 'definite-no',
        phase: 'waiting-for-lock',
        reason: 'The service main holds its update lock.',
        retryMs: 'lock-tries',
      },
    });
    device.supervisor.unlock();
    expect(await device.run({ kind, ...more }, { looksMax: 1 })).toMatchObject({ asked: { kind: 'accepted' } });
  });

  test('force overrides the lock of a service', async () => {
    const device = await open({ supervisorVersion });
    device.supervisor.lock({ serviceName: 'main' });
    expect(await device.run({ kind: 'restart-service', service: 'main', force: true })).toMatchObject({
      last: succeeded,
    });
    device.supervisor.lock({ serviceName: 'main' });
    expect(await device.run({ kind: 'reboot', force: true })).toMatchObject({ last: succeeded });
  });

  test('force does not override an update of the host OS', async () => {
    const device = await open({ supervisorVersion });
    const { bootId } = device.supervisor.state;
    device.supervisor.setHostUpdate(true);
    device.supervisor.lock({ serviceName: 'main' });
    expect(await device.run({ kind: 'reboot', force: true })).toMatchObject({
      asked: { kind: 'definite-no', phase: 'waiting-for-lock', reason: 'The host OS is being updated.' },
    });
    expect(device.supervisor.state.bootId).toBe(bootId);
  });

  test.each([
    ['restart-service', { service: 'main' }],
    ['restart-app', {}],
    ['stop-service', { service: 'main' }],
  ])('an answer of %s that is lost is made up for by a look at the containers', async (kind, more) => {
    const device = await open({ supervisorVersion });
    expect(await device.run({ kind, ...more }, { loseAnswer: true })).toMatchObject({ last: succeeded });
    expect(device.asks).toHaveLength(1);
  });

  test('a service is read from its container after a restart of the agent', async () => {
    const device = await open({ supervisorVersion });
    const since = { accepted: false, restarted: true };
    expect(await device.run({ kind: 'restart-service', service: 'main' }, { since })).toMatchObject({
      last: succeeded,
    });
    expect(await device.run({ kind: 'restart-app' }, { since })).toMatchObject({ last: succeeded });
    expect(await device.run({ kind: 'reboot' }, { since })).toMatchObject({ last: succeeded });
  });
});

test('another operation of the Supervisor is waited for, ten seconds at a time', async () => {
  const device = await open();
  device.supervisor.holdLocks();
  expect(await device.run({ kind: 'restart-service', service: 'main' })).toMatchObject({
    asked: { kind: 'definite-no', phase: 'waiting-for-lock', retryMs: 10_000 },
  });
});

test('a lock that an old Supervisor reports as a failure is waited for', async () => {
  const device = await open({ supervisorVersion: '12.2.10' });
  device.supervisor.lock({ serviceName: 'main' });
  expect(await device.run({ kind: 'restart-app' })).toMatchObject({
    asked: { kind: 'definite-no', phase: 'waiting-for-lock', reason: 'The service main holds its update lock.' },
  });
});

test('a Supervisor that is away is asked again later', async () => {
  const device = await open({ rebootDurationMs: 60_000 });
  const command = { kind: 'restart-service', service: 'main' };
  await device.run({ kind: 'reboot' }, { looksMax: 1 });
  expect(await device.run(command)).toMatchObject({ prepared: { kind: 'wait', phase: 'postponed' } });
});

test('an app with one service takes any name for it', async () => {
  const device = await open({ apps: [{ appId: 1234567, services: ['baserunner'] }] });
  expect(await device.run({ kind: 'restart-service', service: 'main' })).toMatchObject({ last: succeeded });
  expect(await device.run({ kind: 'stop-service', service: 'main' })).toMatchObject({
    prepared: { kind: 'end', ending: { outcome: 'refused', error: { code: 'own-agent' } } },
  });
});

test('an app that the key gives no access to is out of scope, and nothing is asked', async () => {
  const apps = [
    { appId: 1234567, services: ['main', 'baserunner'] },
    { appId: 7, services: ['web'] },
  ];
  const device = await open({ apps });
  expect(await device.run({ kind: 'restart-app', appId: 7 })).toMatchObject({
    prepared: { kind: 'end', ending: { outcome: 'failed', error: { code: 'out-of-scope' } } },
  });
  expect(device.asks).toEqual([]);
});

test('an answer that breaks off leaves it to the containers', async () => {
  const device = await open();
  device.supervisor.setFault('torn-stream', { path: `${services}/restart-service`, requests: 1 });
  const run = await device.run({ kind: 'restart-service', service: 'main' });
  expect(run).toMatchObject({ asked: { kind: 'unknown' }, last: succeeded });
});
