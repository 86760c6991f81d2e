import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { GatedDevice } from './gated-device.js';

const staged = {
  appState: 'applying',
  commit: undefined,
  pending: true,
  failed: true,
  downloaded: true,
  release: 'old',
  target: 'new',
  updateStatus: 'downloaded',
};
const applied = {
  appState: 'applied',
  commit: 'new',
  pending: false,
  failed: false,
  downloaded: false,
  release: 'new',
  target: 'new',
  updateStatus: 'done',
};

describe('a release behind a held lock', () => {
  test('is downloaded, and nothing of the running one changes', async () => {
    using device = new GatedDevice();
    const before = device.app.containers.map(({ containerId }) => containerId);
    await device.stageRelease();
    expect(await device.told()).toEqual(staged);
    await device.pass(24 * 60 * 60_000);
    expect(await device.told()).toEqual(staged);
    expect(device.app.containers.map(({ containerId }) => containerId)).toEqual(before);
    expect(readFileSync(device.lockOf(), 'utf8')).toBe('mine');
  });

  test('counts as downloaded as soon as one image is here, and is downloading until all are', async () => {
    using device = new GatedDevice();
    device.closeGate();
    await device.offer(['main', { serviceName: 'agent', downloadDurationMs: 100 }]);
    await device.pass(100);
    expect(await device.told()).toMatchObject({ pending: false, updateStatus: 'downloading', target: 'new' });
    await device.pass(50);
    expect(await device.told()).toMatchObject({ pending: true, downloaded: false });
    await device.pass(200);
    expect(await device.told()).toMatchObject({ ...staged, failed: false, updateStatus: 'downloading' });
    await device.pass(4850);
    expect(await device.told()).toEqual({ ...staged, failed: false });
    await device.pass(100);
    expect(await device.told()).toEqual(staged);
  });

  test.each([
    ['19.0.5', { force: false, cancel: true }, true],
    ['19.0.5', { force: false }, false],
    ['17.5.0', {}, false],
    ['17.4.6', {}, true],
    ['16.12.9', { force: false, cancel: true }, true],
    ['16.12.9', { force: false }, true],
    ['14.13.14', {}, true],
  ])('on %s, opened and followed by POST /v1/update %j: installed at once: %s', async (version, body, isAtOnce) => {
    using device = new GatedDevice({ supervisorVersion: version });
    await device.stageRelease();
    await device.pass(20_000);
    device.openGate();
    await device.update(body);
    await device.pass(6000);
    expect(device.app.commit).toBe(isAtOnce ? 'new' : 'old');
    await device.pass(20_000);
    expect(device.app.commit).toBe('new');
  });

  test('has failed until it is applied, through the whole installation', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    device.openGate();
    await device.update({ cancel: true });
    let steps = 0;
    for (; device.app.update; steps += 1) {
      expect(await device.told()).toMatchObject({ pending: true, failed: true, appState: 'applying' });
      await device.pass(50);
    }
    expect(steps).toBeGreaterThan(100);
    expect(await device.told()).toEqual(applied);
  });

  test('is the running one for a while before it is applied', async () => {
    using device = new GatedDevice();
    await device.offer();
    const reporting = device.caller.supervisor.until(({ apps }) => apps[0]?.update?.stage === 'reporting');
    await device.pass(20_000);
    expect((await reporting).apps[0]).toMatchObject({ commit: 'new', busy: false });
  });
});

describe('the back-off', () => {
  async function attempts(device: GatedDevice, forMs: number): Promise<number[]> {
    const seen: number[] = [];
    let wasTrying = false;
    for (let ms = 0; ms < forMs; ms += 100) {
      const isTrying = device.stage === 'downloaded';
      if (isTrying && !wasTrying) seen.push(Math.round(ms / 1000));
      wasTrying = isTrying;
      await device.pass(100);
    }
    return seen;
  }

  test('doubles from 1 s on, and is written in the journal', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    expect(await attempts(device, 140_000)).toEqual([1, 3, 7, 15, 31, 64, 128]);
    const { body } = await device.caller.call('POST /v2/journal-logs', { all: true, format: 'cat', count: 500 });
    const delays = [...body.matchAll(/Updates are locked, retrying in (\w+)\. Reason: (.*)/g)].map(
      ([, delay]) => delay,
    );
    expect(delays).toEqual(['1s', '2s', '4s', '8s', '16s', '32s', '1m', '2m']);
    expect(body).toContain('Reason: Lockfile exists for { appId: 1234567, service: agent }');
  });

  test('is at most 15 min', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    await device.pass(3_600_000);
    const [first = 0, second = 0] = await attempts(device, 2 * 900_000);
    expect(second - first).toBe(900);
  });

  test('is cut short by a cancel, and then doubles all the same', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    await device.pass(5000);
    await device.update({ cancel: true });
    expect(await attempts(device, 30_000)).toEqual([0, 8, 24]);
  });

  test('begins again with a newer release, and with a restarted Supervisor', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    await device.pass(20_000);
    device.caller.supervisor.releaseAvailable({ commit: 'newer', downloadDurationMs: 0 });
    await device.update();
    expect((await attempts(device, 5000)).slice(0, 3)).toEqual([1, 2, 4]);
    device.caller.supervisor.restartSupervisor();
    expect((await attempts(device, 7000)).slice(0, 3)).toEqual([2, 3, 5]);
  });

  test.each(['restart', 'purge'])('each refused %s ends the wait, and counts', async (action) => {
    using device = new GatedDevice();
    await device.stageRelease();
    for (let round = 0; round < 3; round += 1) {
      expect((await device.caller.call(`POST /v2/applications/1234567/${action}`)).status).toBe(423);
      expect(device.stage).toBe('preparing');
      await device.pass(400);
    }
    expect(await attempts(device, 10_000)).toEqual([8]);
  });

  test('is not ended by the Supervisor asking the cloud by itself, even by an older one', async () => {
    using device = new GatedDevice({ supervisorVersion: '16.12.9' });
    await device.stageRelease();
    device.caller.supervisor.pollCloud();
    expect(device.stage).toBe('blocked');
    await device.update();
    expect(device.stage).toBe('preparing');
  });
});

describe('force', () => {
  test('alone is never done behind a lock from 17.5.0 on', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    await device.update({ force: true });
    await device.pass(24 * 60 * 60_000);
    expect(device.app.commit).toBe('old');
    expect(readFileSync(device.lockOf(), 'utf8')).toBe('mine');
  });

  test.each(['14.13.14', '16.12.9'])('alone is done at once on %s', async (supervisorVersion) => {
    using device = new GatedDevice({ supervisorVersion });
    await device.stageRelease();
    await device.update({ force: true });
    await device.pass(6500);
    expect(device.app.commit).toBe('new');
  });

  test("with cancel replaces the user's lock by one of the Supervisor, which goes with the update", async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    await device.update({ force: true, cancel: true });
    await device.pass(300);
    expect(device.files('agent')).toEqual(['resin-updates.lock', 'updates.lock']);
    expect(lstatSync(device.lockOf()).mode & 0o777).toBe(0o444);
    await device.pass(6000);
    expect(device.app.commit).toBe('new');
    expect(existsSync(device.lockOf())).toBe(false);
  });
});

describe('a cancel', () => {
  test('during a download aborts it; after 1 s it begins again from 0 %', async () => {
    using device = new GatedDevice();
    await device.offer();
    await device.pass(2700);
    expect(device.app.update).toMatchObject({ stage: 'downloading', downloadProgress: 50 });
    await device.update({ cancel: true });
    expect(await device.told()).toMatchObject({ pending: true, failed: true, updateStatus: 'downloading' });
    await device.pass(999);
    expect(device.stage).toBe('pull-failed');
    await device.pass(2);
    expect(device.app.update).toMatchObject({ stage: 'downloading', downloadProgress: 0 });
  });

  test('during an installation changes nothing', async () => {
    using device = new GatedDevice();
    await device.offer();
    await device.pass(5800);
    const before = device.app;
    await device.update({ cancel: true });
    expect(device.app).toEqual(before);
    expect(device.files('agent')).toEqual(['resin-updates.lock', 'updates.lock']);
    await device.pass(6000);
    expect(device.app.commit).toBe('new');
  });
});

describe('while a release is staged', () => {
  test('the backend may go back to the running one, which needs no lock', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    device.caller.supervisor.releaseAvailable({ commit: 'old' });
    await device.update();
    await device.pass(500);
    expect(await device.told()).toEqual({ ...applied, commit: 'old', release: 'old', target: 'old' });
    expect(device.app.images.map(({ imageId }) => imageId)).toEqual([959_262, 959_263]);
    expect(readFileSync(device.lockOf(), 'utf8')).toBe('mine');
  });

  test('a newer one replaces it: its images go first', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    device.caller.supervisor.releaseAvailable({ commit: 'newer' });
    await device.update();
    await device.pass(250);
    expect(device.app.images.map(({ status }) => status)).toEqual(['Downloaded', 'Downloaded', 'Deleting', 'Deleting']);
    await device.pass(300);
    expect(device.app.images.map(({ status }) => status)).toEqual([
      'Downloading',
      'Downloading',
      'Downloaded',
      'Downloaded',
    ]);
    await device.pass(5000);
    expect(await device.told()).toEqual({ ...staged, target: 'newer' });
  });

  test('a restarted Supervisor has it staged again, without a download', async () => {
    using device = new GatedDevice();
    await device.stageRelease();
    device.caller.supervisor.restartSupervisor();
    await device.pass(1500);
    const fresh = { ...staged, pending: false, failed: false, downloaded: false };
    expect(await device.told()).toEqual(fresh);
    await device.pass(200);
    expect(await device.told()).toEqual({ ...fresh, pending: true });
    await device.pass(100);
    expect(await device.told()).toEqual({ ...staged, downloaded: false });
  });

  test('nothing tells of a lock at rest', async () => {
    using device = new GatedDevice();
    const before = await device.told();
    device.closeGate();
    expect(await device.told()).toEqual(before);
    await device.update();
    await device.pass(10_000);
    expect(await device.told()).toEqual(before);
    writeFileSync(device.lockOf('main'), '');
    expect(await device.told()).toEqual(before);
  });
});
