import { beforeEach, describe, expect, test } from 'vitest';

import { startCaller } from '../../test/caller.js';
import type { Caller } from '../../test/caller.js';

const appId = 1_234_567;
const [oldImage, newImage] = [959_262, 959_263];
let caller: Caller;

beforeEach(() => {
  caller = startCaller({ apps: [{ appId, commit: 'c1', releaseId: 100 }], downloadDurationMs: 5000 });
});

function update(body: unknown = {}): Promise<unknown> {
  return caller.call('POST /v1/update', body);
}

async function services(): Promise<unknown> {
  const { local } = await caller.read(`/v2/applications/${appId}/state`);
  return (local as Record<string, unknown>)[appId];
}

async function application(): Promise<unknown> {
  return (await caller.read('/v2/applications/state'))['myfleet'];
}

function app(): unknown {
  return caller.supervisor.state.apps[0];
}

describe('GET /v2/applications/state reports the progress of the target', () => {
  test('from downloading to done, by its commit and its services', async () => {
    caller.supervisor.releaseAvailable({ commit: 'c2' });
    expect(await application()).toMatchObject({ commit: 'c1', updateStatus: 'done' });
    await update();
    const main = { releaseId: 101, status: 'Downloading', downloadProgress: 0 };
    expect(await application()).toMatchObject({ commit: 'c2', updateStatus: 'downloading', services: { main } });
    await caller.clock.advance(200 + 2500);
    expect(await application()).toMatchObject({
      updateStatus: 'downloading',
      services: { main: { downloadProgress: 50 } },
    });
    await caller.clock.advance(2499);
    // The status says so at 100 %, before the image exists.
    expect(await application()).toMatchObject({ updateStatus: 'done', services: { main: { downloadProgress: 100 } } });
    await caller.clock.advance(1);
    const downloaded = { status: 'Downloaded', downloadProgress: null };
    expect(await application()).toMatchObject({ updateStatus: 'downloaded', services: { main: downloaded } });
    await caller.clock.advance(2750 - 250);
    expect(await application()).toMatchObject({
      updateStatus: 'applying changes',
      services: { main: { status: 'Installing' } },
    });
    await caller.clock.advance(1000);
    expect(await application()).toMatchObject({ updateStatus: 'done', services: { main: { status: 'Running' } } });
    expect(app()).toMatchObject({ commit: 'c1' });
    await caller.clock.advance(2500);
    expect(app()).toMatchObject({ commit: 'c2', update: undefined });
  });

  test('for several apps by name', async () => {
    const several = startCaller({ apps: [{ appId: 1 }, { appId: 2, services: ['a', 'b'] }] });
    expect(await several.read('/v2/applications/state')).toMatchObject({
      myfleet: { appId: 1, services: { main: { status: 'Running' } } },
      'myfleet-2': { appId: 2, services: { a: { status: 'Running' }, b: { status: 'Running' } } },
    });
  });
});

test('GET /v2/applications/:appId/state lists services by image, old and new', async () => {
  caller.supervisor.releaseAvailable({ commit: 'c2' });
  await update();
  await caller.clock.advance(2700);
  expect(await services()).toEqual({
    services: {
      [oldImage]: { status: 'Running', releaseId: 100, download_progress: null },
      [newImage]: { status: 'Downloading', releaseId: 101, download_progress: 50 },
    },
  });
  await caller.clock.advance(2500 + 300 + 400 + 900);
  expect(await services()).toEqual({
    services: {
      [oldImage]: { status: 'Deleting', releaseId: 100 },
      [newImage]: { status: 'Downloaded', releaseId: 101, download_progress: null },
    },
  });
});

describe('a release whose image cannot be downloaded', () => {
  beforeEach(async () => {
    caller.supervisor.releaseAvailable({ commit: 'broken', pullable: false });
    await update();
  });

  test('is downloading for a moment, and then failed', async () => {
    await caller.clock.advance(300);
    expect(await caller.read('/v1/device')).toMatchObject({ update_pending: true, update_failed: false });
    expect(await services()).toMatchObject({
      services: { [newImage]: { status: 'Downloading', download_progress: 0 } },
    });
    await caller.clock.advance(200);
    expect(await caller.read('/v1/device')).toMatchObject({
      update_pending: true,
      update_failed: true,
      update_downloaded: false,
      status: 'Idle',
      download_progress: null,
    });
    expect(await services()).not.toMatchObject({ services: { [newImage]: {} } });
    expect((await caller.call('GET /v1/healthy')).status).toBe(200);
    expect(await application()).toMatchObject({
      commit: 'broken',
      updateStatus: 'downloading',
      services: { main: { status: 'Downloading', downloadProgress: 0 } },
    });
  });

  test('is retried repeatedly, with growing intervals', async () => {
    const attempts: number[] = [];
    let wasDownloading = false;
    for (let tick = 0; tick < 160; tick += 1) {
      const isDownloading = caller.supervisor.state.apps[0]?.update?.stage === 'downloading';
      if (isDownloading && !wasDownloading) attempts.push(tick * 100);
      wasDownloading = isDownloading;
      await caller.clock.advance(100);
    }
    expect(attempts).toEqual([200, 1500, 3800, 8100]);
  });

  test('gives way to a better one at once', async () => {
    await caller.clock.advance(30_000);
    caller.supervisor.releaseAvailable({ commit: 'fixed' });
    await update();
    await caller.clock.advance(5200);
    expect(app()).toMatchObject({ update: { commit: 'fixed', stage: 'downloaded' } });
    await caller.clock.advance(6000);
    expect(await caller.read('/v1/device')).toMatchObject({
      update_pending: false,
      update_failed: false,
      commit: 'fixed',
    });
  });

  test('is abandoned when the cloud returns to the running release', async () => {
    await caller.clock.advance(3000);
    caller.supervisor.releaseAvailable({ commit: 'c1' });
    await update();
    expect(await caller.read('/v1/device')).toMatchObject({
      update_pending: false,
      update_failed: false,
      commit: 'c1',
    });
  });
});

test('a download abandoned for the previous release leaves nothing behind', async () => {
  caller.supervisor.releaseAvailable({ commit: 'c2' });
  await update();
  await caller.clock.advance(20_000);
  caller.supervisor.releaseAvailable({ commit: 'c3' });
  await update();
  await caller.clock.advance(2000);
  caller.supervisor.releaseAvailable({ commit: 'c1', firstImageId: oldImage, downloadDurationMs: 100 });
  await update({ cancel: true });
  await caller.clock.advance(250);
  expect(await caller.read('/v1/device')).toMatchObject({
    update_pending: true,
    status: 'Downloading',
    download_progress: 50,
  });
  await caller.clock.advance(10_000);
  expect(app()).toMatchObject({ commit: 'c1', images: [{ imageId: oldImage }], containers: [{ imageId: oldImage }] });
});

test('a cancel does not override a lock', async () => {
  caller.supervisor.lock();
  caller.supervisor.releaseAvailable({ commit: 'c2' });
  await update();
  await caller.clock.advance(6000);
  await update({ cancel: true });
  await caller.clock.advance(300);
  expect(app()).toMatchObject({ locks: ['main'], update: { stage: 'blocked' } });
});

test('with the cloud down an update finds nothing, and after a while the Supervisor is unhealthy', async () => {
  caller.supervisor.releaseAvailable({ commit: 'c2' });
  caller.supervisor.setCloud('down');
  expect(await update()).toMatchObject({ status: 204 });
  expect(app()).toMatchObject({ update: undefined, targetCommit: 'c2' });
  await caller.clock.advance(9999);
  expect(await caller.call('GET /v1/healthy')).toMatchObject({ status: 200, body: 'OK' });
  await caller.clock.advance(1);
  expect(await caller.call('GET /v1/healthy')).toMatchObject({ status: 500, body: 'Unhealthy' });
  caller.supervisor.setCloud('up');
  expect(await caller.call('GET /v1/healthy')).toMatchObject({ status: 200 });
  await update();
  expect(app()).toMatchObject({ update: { commit: 'c2' } });
});

test('a device without a cloud silently accepts updates, and has no cloud to lose', async () => {
  const unmanaged = startCaller({ unmanaged: true });
  expect((await unmanaged.call('POST /v1/update', {}, '')).status).toBe(204);
  expect(() => unmanaged.supervisor.setCloud('down')).toThrow('setCloud: an unmanaged device has no cloud.');
});

test.each([
  [{ commit: 'c2', downloadDurationMs: -1 }, 'downloadDurationMs must be'],
  [{ commit: 'c2', firstImageId: 1.5 }, 'firstImageId must be'],
  [{ commit: 'c2', services: [{ serviceName: '' }] }, 'serviceName must be'],
  [{ commit: 'c2', services: ['a', 'a'] }, 'services must have unique names'],
  [{ commit: 'c2', services: [{ serviceName: 'a', strategy: 'any' as 'hand-over' }] }, 'strategy must be one of'],
  [{ commit: 'c2', services: [{ serviceName: 'a', image: 'old' as 'new' }] }, 'image must be one of'],
  [{ commit: 'c2', services: [{ serviceName: 'a', imageId: 0 }] }, 'imageId must be'],
  [{ commit: 'c2', services: [{ serviceName: 'a', stopDurationMs: -1 }] }, 'stopDurationMs must be'],
])('releaseAvailable(%j) throws with a message', (offer, told) => {
  expect(() => caller.supervisor.releaseAvailable(offer)).toThrow(told);
});
