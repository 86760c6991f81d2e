import type { ReleaseOffer } from '@serve.zone/balena-supervisor-emulator';
import { afterEach, describe, expect, test } from 'vitest';
import { CommandedDevice } from './commanded-device.js';

const opened: CommandedDevice[] = [];

async function open(options: Parameters<typeof CommandedDevice.open>[0] = {}): Promise<CommandedDevice> {
  const device = await CommandedDevice.open({ downloadDurationMs: 30_000, ...options });
  opened.push(device);
  return device;
}

afterEach(async () => {
  for (const device of opened.splice(0)) await device.close();
});

const command = { kind: 'update' };
const details = { commit: 'new', previousCommit: 'old', changed: true };
const succeeded = { kind: 'ended', ending: { outcome: 'succeeded', details } };

/** A release that was downloaded, and that a service keeps from being installed. */
async function openLocked(supervisorVersion: string): Promise<CommandedDevice> {
  const device = await open({ supervisorVersion, downloadDurationMs: 1000 });
  device.supervisor.lock({ serviceName: 'main' });
  device.supervisor.releaseAvailable({ commit: 'new' });
  await device.client.update();
  await device.clock.advance(60_000);
  return device;
}

describe.each(['14.13.14', '16.12.9', '17.5.0', '17.7.0', '19.0.5'])('on Supervisor %s', (supervisorVersion) => {
  test('an update goes through its phases to its end, and is asked for once', async () => {
    const device = await open({ supervisorVersion });
    device.supervisor.releaseAvailable({ commit: 'new' });
    const { phases, last } = await device.run(command);
    expect(phases.filter((phase, at) => phases.indexOf(phase) === at)).toEqual(
      expect.arrayContaining(['downloading', 'installing', 'verifying']),
    );
    expect(phases.at(-1)).toBe('verifying');
    expect(last).toMatchObject(succeeded);
    expect(device.supervisor.state.apps[0]?.commit).toBe('new');
    expect(device.asks).toEqual(['/v1/update']);
  });

  test('the order of a release that the Supervisor has not heard of is refused, and of one that it has is carried out', async () => {
    const device = await openLocked(supervisorVersion);
    expect(await device.run({ ...command, commit: 'newer' })).toMatchObject({
      prepared: { kind: 'end', ending: { outcome: 'refused', error: { code: 'other-release' } } },
    });
    device.supervisor.unlock();
    expect(await device.run({ ...command, commit: 'new' })).toMatchObject({ last: succeeded });
  });

  test('nothing to update is told after half a minute, with nothing changed', async () => {
    const device = await open({ supervisorVersion });
    const unchanged = { outcome: 'succeeded', details: { commit: 'old', previousCommit: 'old', changed: false } };
    expect(await device.run(command, { looksMax: 10 })).toMatchObject({ last: { kind: 'ended', ending: unchanged } });
    expect(await device.run({ ...command, commit: 'old' })).toMatchObject({
      prepared: { kind: 'end', ending: unchanged },
    });
    expect(device.asks).toHaveLength(1);
  });

  test('a lock is waited for, and the release is installed when it is released', async () => {
    const device = await openLocked(supervisorVersion);
    const { phases, reasons, last } = await device.run(command, {
      looksMax: 400,
      beforeLook: (look) => {
        if (look === 20) device.supervisor.unlock();
      },
    });
    expect(phases).toContain('waiting-for-lock');
    expect(reasons).toContainEqual(expect.stringMatching(/holds its update lock/));
    expect(last).toMatchObject(succeeded);
  });

  test('force overrides the lock', async () => {
    const device = await openLocked(supervisorVersion);
    expect(await device.run({ ...command, force: true })).toMatchObject({ last: succeeded });
    expect(device.supervisor.state.apps[0]?.lockedBy).toBeUndefined();
  });

  test('a download in progress is followed, and not begun again', async () => {
    const device = await open({ supervisorVersion });
    device.supervisor.releaseAvailable({ commit: 'new' });
    await device.client.update();
    await device.clock.advance(15_000);
    const forced = await device.run({ ...command, force: true });
    expect(forced.prepared).toMatchObject({ kind: 'wait', phase: 'downloading', progressPercent: expect.any(Number) });
    const { prepared, last } = await device.run({ ...command, commit: 'new' });
    expect(prepared).toMatchObject({ kind: 'follow' });
    expect(last).toMatchObject(succeeded);
    expect(device.asks).toHaveLength(1);
  });

  test('it is followed to its end after a restart of the agent, and of the Supervisor, and of the device', async () => {
    const device = await open({ supervisorVersion });
    device.supervisor.releaseAvailable({ commit: 'new' });
    const { last } = await device.run(command, {
      looksMax: 100,
      since: { accepted: false, restarted: true },
      beforeLook: (look) => {
        if (look === 2) device.supervisor.restartSupervisor();
        if (look === 13) void device.client.reboot({ force: true }).catch(() => undefined);
      },
    });
    expect(last).toMatchObject(succeeded);
  });

  test('an image that cannot be downloaded is no outcome until an hour has passed without progress', async () => {
    const device = await open({ supervisorVersion });
    device.supervisor.releaseAvailable({ commit: 'new', pullable: false });
    const { reasons, last } = await device.run(command, { looksMax: 200, lookEveryMs: 60_000 });
    expect(reasons).toContainEqual(expect.stringMatching(/The Supervisor retries\.$/));
    expect(last).toMatchObject({ ending: { outcome: 'failed', error: { code: 'stalled' } } });
  });

  test('a backend that goes back to the running release ends it by what runs', async () => {
    const device = await openLocked(supervisorVersion);
    const back = (look: number): void => {
      if (look !== 3) return;
      device.supervisor.releaseAvailable({ commit: 'old' });
      void device.client.update().catch(() => undefined);
    };
    expect(await device.run({ ...command, commit: 'new' }, { beforeLook: back })).toMatchObject({
      last: { ending: { outcome: 'failed', error: { code: 'other-release' }, details: { commit: 'old' } } },
    });
  });

  test('a service that stops during the soak makes it unstable', async () => {
    const device = await open({ supervisorVersion });
    device.supervisor.releaseAvailable({ commit: 'new' });
    let isStopped = false;
    const { last } = await device.run(command, {
      looksMax: 100,
      beforeLook: () => {
        const [app] = device.supervisor.state.apps;
        if (isStopped || app?.commit !== 'new') return;
        isStopped = true;
        void device.client
          .app()
          .service('main')
          .stop()
          .catch(() => undefined);
      },
    });
    expect(last).toMatchObject({
      ending: { outcome: 'failed', error: { code: 'unstable', message: expect.stringContaining('main') }, details },
    });
  });
});

/** Releases that differ in what the Supervisor has to do for them. */
const changes: [string, NonNullable<ReleaseOffer['services']>][] = [
  ['has the same images', [same('main'), same('baserunner')]],
  ['has images of the same contents', [{ ...same('main'), image: 'same-contents' }, same('baserunner')]],
  ['has a further service', [same('main'), same('baserunner'), 'extra']],
  ['has one service less', [same('baserunner')]],
];
const strategies: [string, NonNullable<ReleaseOffer['services']>][] = [
  ['hands over from one container to the next', [{ serviceName: 'main', strategy: 'hand-over' }, 'baserunner']],
  ['stops a service before its download', [{ serviceName: 'main', strategy: 'kill-then-download' }, 'baserunner']],
  ['deletes an image before its download', [{ serviceName: 'main', strategy: 'delete-then-download' }, 'baserunner']],
];

describe.each(['14.13.14', '19.0.5'])('on Supervisor %s, a release that', (supervisorVersion) => {
  test.each([...changes, ...strategies])('%s is followed to its end', async (_what, services) => {
    const device = await open({ supervisorVersion, downloadDurationMs: 3000 });
    device.supervisor.releaseAvailable({ commit: 'new', services });
    const { last } = await device.run({ ...command, soakMs: 6000 }, { looksMax: 100 });
    expect(last).toMatchObject(succeeded);
  });

  // Supervisor 14 takes the locks only to stop a container.
  const held = supervisorVersion === '14.13.14' ? strategies : [...changes, ...strategies];

  test.each(held)('%s waits behind a lock, and is installed after it', async (_what, services) => {
    const device = await open({ supervisorVersion, downloadDurationMs: 3000 });
    device.supervisor.lock({ serviceName: 'baserunner' });
    device.supervisor.releaseAvailable({ commit: 'new', services });
    const { phases, last } = await device.run(
      { ...command, soakMs: 6000 },
      {
        looksMax: 100,
        beforeLook: (look) => {
          if (look !== 8) return;
          device.supervisor.unlock();
          void device.client.update({ cancel: true }).catch(() => undefined);
        },
      },
    );
    expect(phases).toContain('waiting-for-lock');
    expect(last).toMatchObject(succeeded);
  });
});

describe('while instant updates are disabled', () => {
  const off = { outcome: 'failed', error: { code: 'instant-updates-off' } };

  test.each([
    ['an update is not carried out', '17.5.0', false, { kind: 'ended', ending: off }],
    ['force carries it out', '17.5.0', true, { kind: 'accepted' }],
    ['not even force carries it out before 14.5', '14.4.10', true, { kind: 'ended', ending: off }],
    ['the relay of Supervisor 19 does not say so', '19.0.5', false, { kind: 'accepted' }],
  ])('%s', async (_what, supervisorVersion, force, expected) => {
    const device = await open({ supervisorVersion, instantUpdates: false });
    device.supervisor.releaseAvailable({ commit: 'new' });
    expect((await device.run({ ...command, force }, { looksMax: 1 })).asked).toMatchObject(expected);
  });

  test('a release that waits behind a lock goes on by itself', async () => {
    const device = await openLocked('17.5.0');
    device.supervisor.setInstantUpdates(false);
    device.supervisor.unlock();
    expect(await device.run(command, { looksMax: 100 })).toMatchObject({
      asked: { kind: 'accepted' },
      last: succeeded,
    });
  });
});

test('a lock in another app does not keep an update from being done', async () => {
  const other = { appId: 7, commit: 'theirs', services: ['web'] };
  const device = await open({ apps: [{ appId: 1234567, commit: 'old', services: ['main', 'baserunner'] }, other] });
  device.supervisor.lock({ appId: 7 });
  device.supervisor.releaseAvailable({ commit: 'their-next', appId: 7 });
  device.supervisor.releaseAvailable({ commit: 'new' });
  const { last } = await device.run(command, { looksMax: 100 });
  expect(last).toMatchObject(succeeded);
  expect(device.supervisor.state.apps[1]).toMatchObject({ commit: 'theirs', lockedBy: 'web' });
});

test('a change of the environment alone is an update in which no release changes', async () => {
  const device = await open();
  const services = [{ ...same('main'), environment: { LEVEL: 'debug' } }, same('baserunner')];
  device.supervisor.releaseAvailable({ commit: 'old', services });
  const { phases, last } = await device.run(command);
  expect(phases).toContain('verifying');
  expect(last).toMatchObject({
    ending: { outcome: 'succeeded', details: { commit: 'old', previousCommit: 'old', changed: false } },
  });
});

test.each(['14.13.14', '19.0.5'])(
  'a Supervisor %s that is killed while it installs goes on',
  async (supervisorVersion) => {
    const device = await open({ supervisorVersion });
    device.supervisor.releaseAvailable({ commit: 'new' });
    let isKilled = false;
    const { last } = await device.run(command, {
      looksMax: 100,
      lookEveryMs: 500,
      beforeLook: () => {
        if (isKilled || device.supervisor.state.apps[0]?.update?.stage !== 'stopped') return;
        isKilled = true;
        device.supervisor.killSupervisor({ downMs: 5000 });
      },
    });
    expect(isKilled).toBe(true);
    expect(last).toMatchObject({ kind: 'goes-on', phase: 'verifying' });
  },
);

function same(serviceName: string) {
  return { serviceName, image: 'same' } as const;
}
