import { describe, expect, test } from 'vitest';

import { GatedDevice } from './gated-device.js';

const open = { force: false, cancel: true };

describe('while a lock is held', () => {
  test('a service with the strategy hand-over is replaced all the same, and nothing else', async () => {
    using device = new GatedDevice();
    await device.stageRelease([{ serviceName: 'main', strategy: 'hand-over' }, 'agent']);
    await device.pass(1200);
    expect(device.containers).toEqual(['agent Running old', 'main Running new', 'main Stopping old']);
    await device.pass(1000);
    expect(device.containers).toEqual(['agent Running old', 'main Running new']);
    expect(await device.told()).toMatchObject({ release: 'old', failed: true, updateStatus: 'downloaded' });
    device.openGate();
    await device.update(open);
    await device.pass(6500);
    expect(device.containers).toEqual(['agent Running new', 'main Running new']);
  });

  test('the service that holds it is replaced by hand-over, and its file stays', async () => {
    using device = new GatedDevice();
    await device.stageRelease(['main', { serviceName: 'agent', strategy: 'hand-over' }]);
    await device.pass(3000);
    expect(device.containers).toEqual(['agent Running new', 'main Running old']);
    expect(device.files('agent')).toEqual(['updates.lock']);
  });

  test.each(['kill-then-download', 'delete-then-download'] as const)(
    'a service with the strategy %s is neither killed nor downloaded, and the update has failed at once',
    async (strategy) => {
      using device = new GatedDevice();
      device.closeGate();
      await device.offer([{ serviceName: 'main', strategy }, 'agent']);
      await device.pass(300);
      expect(await device.told()).toMatchObject({ failed: true, downloaded: false, updateStatus: 'downloading' });
      await device.pass(60_000);
      expect(await device.told()).toMatchObject({ failed: true, downloaded: true, updateStatus: 'downloading' });
      expect(device.containers).toEqual(['agent Running old', 'main Running old']);
      expect(device.app.images.map(({ serviceName, status }) => `${serviceName} ${status}`)).toEqual([
        'main Downloaded',
        'agent Downloaded',
        'agent Downloaded',
      ]);
    },
  );

  test.each([
    ['kill-then-download', ['agent', 'main']],
    ['delete-then-download', ['agent']],
  ] as const)('once it is free, %s downloads under the locks', async (strategy, oldImages) => {
    using device = new GatedDevice();
    await device.stageRelease([{ serviceName: 'main', strategy }, 'agent']);
    await device.pass(5000);
    device.openGate();
    await device.update(open);
    await device.pass(4000);
    expect(device.containers).toEqual(['agent Running old']);
    expect(device.stage).toBe('downloading');
    expect(device.files('agent')).toEqual(['resin-updates.lock', 'updates.lock']);
    const isOld = ({ imageId, status }: { imageId: number; status: string }): boolean =>
      imageId <= 959_263 && status === 'Downloaded';
    expect(
      device.app.images
        .filter(isOld)
        .map(({ serviceName }) => serviceName)
        .toSorted(),
    ).toEqual(oldImages);
    await device.pass(15_000);
    expect(device.app.commit).toBe('new');
  });

  test.each([
    ['19.0.5', ['agent', 'main']],
    ['16.2.0', ['agent', 'main']],
    ['16.1.10', ['agent', 'extra', 'main']],
  ])('on %s, of a release with a new service these run: %j', async (supervisorVersion, services) => {
    using device = new GatedDevice({ supervisorVersion });
    await device.stageRelease(['main', 'agent', 'extra']);
    await device.pass(60_000);
    expect(device.app.containers.map(({ serviceName }) => serviceName).toSorted()).toEqual(services);
    device.openGate();
    await device.pass(130_000);
    expect(device.app.containers.map(({ serviceName }) => serviceName).toSorted()).toEqual(['agent', 'extra', 'main']);
    expect(device.files('extra')).toEqual([]);
  });

  test('a service that is no longer in the release is not removed', async () => {
    using device = new GatedDevice();
    await device.stageRelease([{ serviceName: 'agent', image: 'same' }]);
    await device.pass(60_000);
    expect(device.containers).toEqual(['agent Running old', 'main Running old']);
    device.openGate();
    await device.update(open);
    await device.pass(6000);
    expect(device.containers).toEqual(['agent Running old']);
  });

  test.each(['environment', 'labels'] as const)(
    'a change of the %s waits, and then replaces one container',
    async (what) => {
      using device = new GatedDevice();
      const [main] = device.app.containers;
      device.closeGate();
      await device.offer([{ serviceName: 'main', [what]: { COLOUR: 'red' } }, 'agent'], { commit: 'old' });
      await device.pass(1000);
      expect(await device.told()).toMatchObject({
        pending: true,
        failed: true,
        downloaded: false,
        updateStatus: 'done',
      });
      device.openGate();
      await device.update(open);
      await device.pass(6000);
      expect(await device.told()).toMatchObject({ pending: false, commit: 'old' });
      expect(device.containers).toEqual(['agent Running old', 'main Running old']);
      expect(device.app.containers.some(({ containerId }) => containerId === main?.containerId)).toBe(false);
      expect(device.app.containers).toHaveLength(2);
    },
  );

  test('a release of the same contents waits, and then renames the containers', async () => {
    using device = new GatedDevice();
    const ids = device.app.containers.map(({ containerId }) => containerId);
    device.closeGate();
    const same = (serviceName: string) => ({ serviceName, image: 'same-contents' }) as const;
    await device.offer([same('main'), same('agent')]);
    await device.pass(1000);
    expect(await device.told()).toMatchObject({ failed: true, downloaded: false, updateStatus: 'downloaded' });
    expect(device.containers).toEqual(['agent Running old', 'main Running old']);
    device.openGate();
    await device.update(open);
    await device.pass(5000);
    expect(device.app.commit).toBe('new');
    expect(device.containers).toEqual(['agent Running new', 'main Running new']);
    expect(device.app.containers.map(({ containerId }) => containerId)).toEqual(ids);
  });

  test('boot files are written at once, and the reboot that they need waits', async () => {
    using device = new GatedDevice();
    const { supervisor } = device.caller;
    const { bootId } = supervisor.state;
    device.closeGate();
    supervisor.configAvailable({ RESIN_HOST_CONFIG_gpu_mem: '32' });
    await device.update();
    expect(supervisor.state).toMatchObject({ bootConfig: { HOST_CONFIG_gpu_mem: '32' }, needsReboot: true });
    await device.pass(60_000);
    expect(await device.told()).toMatchObject({ appState: 'applying', pending: true, failed: true, downloaded: false });
    expect(supervisor.state.bootId).toBe(bootId);
    device.openGate();
    await device.update(open);
    await device.pass(600);
    expect(supervisor.state.outage).toBe('reboot');
    await device.pass(5000);
    expect(supervisor.state).toMatchObject({ outage: undefined, needsReboot: false });
    expect(supervisor.state.bootId).not.toBe(bootId);
    expect(await device.told()).toMatchObject({ pending: false, commit: 'old' });
  });
});

describe('calls while a release waits behind the lock', () => {
  const v2 = `/v2/applications/1234567`;
  const words = 'Lockfile exists for { appId: 1234567, service: agent }';
  const failed = { status: 423, body: JSON.stringify({ status: 'failed', message: words }) };

  test.each<[line: string, body: object, answer: object]>([
    [`POST ${v2}/restart-service`, { serviceName: 'main' }, failed],
    [`POST ${v2}/stop-service`, { serviceName: 'main' }, failed],
    [`POST ${v2}/restart`, {}, failed],
    [`POST ${v2}/purge`, {}, failed],
    ['POST /v1/restart', { appId: 1_234_567 }, failed],
    ['POST /v1/purge', { appId: 1_234_567 }, failed],
    ['POST /v1/reboot', {}, { status: 423, body: JSON.stringify({ Data: '', Error: words }) }],
    ['POST /v1/shutdown', {}, { status: 423, body: JSON.stringify({ Data: '', Error: words }) }],
    ['PATCH /v1/device/host-config', { network: { hostname: 'gate' } }, { status: 423, body: words }],
  ])('%s is refused', async (line, body, answer) => {
    using device = new GatedDevice();
    await device.stageRelease();
    expect(await device.caller.call(line, body)).toMatchObject(answer);
    await device.pass(1000);
    expect(device.containers).toEqual(['agent Running old', 'main Running old']);
  });

  test('start-service starts the new container beside the old one', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    const start = device.caller.callFor(1500, `POST ${v2}/start-service`, { serviceName: 'main' });
    expect(await start).toMatchObject({ status: 200, body: 'OK' });
    expect(device.containers).toEqual(['agent Running old', 'main Running new', 'main Running old']);
    const { myfleet } = (await device.caller.read('/v2/applications/state')) as { myfleet: { services: unknown } };
    expect(myfleet.services).toMatchObject({ main: { status: 'Awaiting handover' }, agent: { status: 'Downloaded' } });
    const purged = await device.caller.call(`POST ${v2}/purge`);
    expect(purged.body).toContain('Lockfile exists for { appId: 1234567, service: main }');
    const started = device.app.containers[0]?.containerId;
    device.openGate();
    await device.update(open);
    await device.pass(7000);
    expect(device.containers).toEqual(['agent Running new', 'main Running new']);
    expect(device.app.containers.map(({ containerId }) => containerId)).toContain(started);
  });

  test('a refused restart at rest shows for a moment as an apply', async () => {
    using device = new GatedDevice();
    device.closeGate();
    await device.caller.call(`POST ${v2}/restart`);
    expect(await device.told()).toMatchObject({ appState: 'applying', commit: undefined, pending: false });
    await device.pass(200);
    expect(await device.told()).toMatchObject({ appState: 'applied', commit: 'old', pending: false });
  });
});
