import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';

import { createSupervisor } from '../src/index.js';
import type { Supervisor } from '../src/index.js';

const start = Date.UTC(2026, 10, 23);
const downloadDurationMs = 10_000;
let now: number;
let supervisor: Supervisor;

beforeEach(() => {
  now = start;
  supervisor = emulate();
});

function emulate(services: readonly string[] = ['main']): Supervisor {
  return createSupervisor({
    relay: false,
    clock: { now: () => now },
    downloadDurationMs,
    apps: [{ appId: 1_234_567, commit: 'old', services }],
  });
}

async function read(path: string): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${supervisor.apiKey}` };
  const response = await supervisor.fetch(new Request(`http://supervisor${path}`, { headers }));
  return (await response.json()) as Record<string, unknown>;
}

async function update(body: { force?: boolean; cancel?: boolean } = {}): Promise<void> {
  const headers = { authorization: `Bearer ${supervisor.apiKey}`, 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  expect((await supervisor.fetch(new Request('http://supervisor/v1/update', init))).status).toBe(204);
}

async function statusOf(list: 'containers' | 'images'): Promise<unknown[]> {
  const entries = (await read('/v2/state/status'))[list] as { imageId: number; status: string }[];
  return entries.map(({ imageId, status }) => [imageId, status]);
}

function stage(): string | undefined {
  return supervisor.state.apps[0]?.update?.stage;
}

function commit(): string | undefined {
  return supervisor.state.apps[0]?.commit;
}

const [oldId, newId] = [959_262, 959_263];

describe('an update', () => {
  test('does nothing without a new release', async () => {
    await update();
    expect(await read('/v1/device')).toMatchObject({ update_pending: false, commit: 'old' });
  });

  test('waits for POST /v1/update', async () => {
    supervisor.releaseAvailable({ commit: 'new' });
    now += 60 * 60_000;
    expect(await read('/v1/device')).toMatchObject({ update_pending: false, commit: 'old' });
    expect(supervisor.state.apps[0]).toMatchObject({ commit: 'old', targetCommit: 'new', update: undefined });
  });

  test.each<[number, string, unknown[], unknown[]]>([
    [0, 'preparing', [[oldId, 'Running']], [[oldId, 'Downloaded']]],
    [
      5200,
      'downloading',
      [[oldId, 'Running']],
      [
        [newId, 'Downloading'],
        [oldId, 'Downloaded'],
      ],
    ],
    [
      10_200,
      'downloaded',
      [[oldId, 'Running']],
      [
        [oldId, 'Downloaded'],
        [newId, 'Downloaded'],
      ],
    ],
    [
      10_500,
      'stopping',
      [[oldId, 'Stopping']],
      [
        [oldId, 'Downloaded'],
        [newId, 'Downloaded'],
      ],
    ],
    [
      10_900,
      'stopped',
      [],
      [
        [oldId, 'Downloaded'],
        [newId, 'Downloaded'],
      ],
    ],
    [
      11_800,
      'deleting',
      [],
      [
        [oldId, 'Deleting'],
        [newId, 'Downloaded'],
      ],
    ],
    [11_950, 'deleted', [], [[newId, 'Downloaded']]],
    [12_700, 'installing', [], [[newId, 'Downloaded']]],
    [12_950, 'installed', [[newId, 'Installed']], [[newId, 'Downloaded']]],
    [13_700, 'finishing', [[newId, 'Running']], [[newId, 'Downloaded']]],
  ])('after %i ms is %s', async (elapsedMs, expectedStage, containers, images) => {
    supervisor.releaseAvailable({ commit: 'new' });
    await update();
    now += elapsedMs;
    expect(stage()).toBe(expectedStage);
    expect(await statusOf('containers')).toEqual(containers);
    expect(await statusOf('images')).toEqual(images);
    expect(await read('/v2/state/status')).toMatchObject({ appState: 'applying', release: 'old' });
    const device = await read('/v1/device');
    expect(device).not.toHaveProperty('commit');
    expect(device).toMatchObject({
      update_pending: elapsedMs > 0,
      update_failed: false,
      update_downloaded: elapsedMs >= 10_200,
    });
  });

  test('ends with the new commit in new containers', async () => {
    const before = supervisor.state.apps[0]?.containers[0];
    supervisor.releaseAvailable({ commit: 'new' });
    await update();
    now += 16_200;
    expect(await read('/v1/device')).toMatchObject({ update_pending: false, commit: 'new', status: 'Idle' });
    expect(await read('/v2/state/status')).toMatchObject({ appState: 'applied', release: 'new' });
    const after = supervisor.state.apps[0]?.containers[0];
    expect(after).toMatchObject({ imageId: newId, status: 'Running', createdAt: '2026-11-23T00:00:12.950Z' });
    expect(after?.containerId).not.toBe(before?.containerId);
  });

  test('gives its containers IDs that stay the same from creation on', async () => {
    supervisor.releaseAvailable({ commit: 'new' });
    await update();
    now += 13_000;
    const created = supervisor.state.apps[0]?.containers[0]?.containerId;
    now += 60_000;
    expect(supervisor.state.apps[0]?.containers[0]?.containerId).toBe(created);
  });

  test('downloads all services in parallel, with their mean as overall progress', async () => {
    supervisor = emulate(['main', 'frontend']);
    supervisor.releaseAvailable({ commit: 'new' });
    await update();
    now += 200 + 2500;
    expect(await read('/v2/state/status')).toMatchObject({
      overallDownloadProgress: 25,
      images: [
        { serviceName: 'main', status: 'Downloading', downloadProgress: 25 },
        { serviceName: 'frontend', status: 'Downloading', downloadProgress: 25 },
        { serviceName: 'main', downloadProgress: null },
        { serviceName: 'frontend', downloadProgress: null },
      ],
    });
  });

  test('shows its download in /v1/device only if the new image has the lower ID', async () => {
    supervisor.releaseAvailable({ commit: 'new' });
    await update();
    now += 5200;
    expect(await read('/v1/device')).toMatchObject({ status: 'Idle', download_progress: null });

    supervisor = emulate();
    supervisor.releaseAvailable({ commit: 'rollback', firstImageId: 900_000 });
    await update();
    now += 5200;
    expect(await read('/v1/device')).toMatchObject({ status: 'Downloading', download_progress: 50 });
  });

  test('continues when requested again', async () => {
    supervisor.releaseAvailable({ commit: 'new' });
    await update();
    now += 5200;
    await update();
    expect(supervisor.state.apps[0]?.update).toMatchObject({ commit: 'new', downloadProgress: 50 });
    now += 16_200 - 5200;
    expect(supervisor.state.apps[0]).toMatchObject({ commit: 'new', update: undefined });
  });

  test('is abandoned for a newer release', async () => {
    supervisor.releaseAvailable({ commit: 'new' });
    await update();
    now += 5200;
    supervisor.releaseAvailable({ commit: 'newer' });
    await update();
    expect(supervisor.state.apps[0]?.update).toMatchObject({ commit: 'newer', downloadProgress: 0 });
    now += 16_200;
    expect(commit()).toBe('newer');
  });

  test('begins again with the newest release when cancelled, or ends if that already runs', async () => {
    supervisor.releaseAvailable({ commit: 'new' });
    await update();
    now += 5200;
    supervisor.releaseAvailable({ commit: 'newer' });
    await update({ cancel: true });
    expect(supervisor.state.apps[0]?.update).toMatchObject({ commit: 'newer', downloadProgress: 0 });
    supervisor.releaseAvailable({ commit: 'old' });
    await update({ cancel: true });
    expect(supervisor.state.apps[0]?.update).toBeUndefined();
    expect(commit()).toBe('old');
  });
});

describe("a user's lock", () => {
  beforeEach(async () => {
    supervisor.releaseAvailable({ commit: 'new' });
    supervisor.lock();
    await update();
    now += 60_000;
  });

  test('blocks an update once it is downloaded', async () => {
    expect(await read('/v1/device')).toMatchObject({
      update_pending: true,
      update_failed: true,
      update_downloaded: true,
      status: 'Idle',
    });
    expect(await read('/v2/state/status')).toMatchObject({ appState: 'applying', release: 'old' });
    expect(supervisor.state.apps[0]).toMatchObject({ lockedBy: 'main', update: { stage: 'blocked' } });
  });

  test('lets the update continue at the next attempt after its release', () => {
    // The first attempt ends at 10.3 s, so others follow at 11.3, 13.4, 17.5, 25.6, 41.7 and 73.8 s.
    supervisor.unlock();
    now = start + 73_799;
    expect(stage()).toBe('blocked');
    now = start + 73_800;
    expect(stage()).toBe('downloaded');
    now += 6000;
    expect(commit()).toBe('new');
  });

  test('blocks again if it is taken again before that attempt', () => {
    supervisor.unlock();
    supervisor.lock();
    now += 24 * 60 * 60_000;
    expect(stage()).toBe('blocked');
  });

  test('yields to force with cancel at once, and is then gone', async () => {
    await update({ force: true, cancel: true });
    now += 200;
    expect(stage()).toBe('downloaded');
    expect(supervisor.state.apps[0]?.lockedBy).toBeUndefined();
  });

  test('does not yield to force alone, which waits for its turn behind the attempts', async () => {
    await update({ force: true });
    now += 24 * 60 * 60_000;
    expect(stage()).toBe('blocked');
  });
});

test('a lock does not block a forced update', async () => {
  supervisor.releaseAvailable({ commit: 'new' });
  supervisor.lock();
  await update({ force: true });
  now += 16_200;
  expect(supervisor.state.apps[0]).toMatchObject({ commit: 'new', lockedBy: undefined, update: undefined });
});

test('a reboot ends the boot, restarts the containers, drops locks, and keeps downloaded data', async () => {
  supervisor.releaseAvailable({ commit: 'new' });
  supervisor.lock();
  await update();
  now += 20_000;
  const before = supervisor.state;
  const init = { method: 'POST', body: new URLSearchParams({ force: 'true' }) };
  const reboot = new Request(`http://supervisor/v1/reboot?apikey=${supervisor.apiKey}`, init);
  expect((await supervisor.fetch(reboot)).status).toBe(202);
  const gone = supervisor.fetch(new Request('http://supervisor/ping'));
  await expect(gone).rejects.toMatchObject({ name: 'TypeError', cause: { code: 'ECONNREFUSED' } });
  now += 3000;
  const after = supervisor.state;
  expect(after.bootId).not.toBe(before.bootId);
  expect(after.bootId).toMatch(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(after.apps[0]).toMatchObject({ lockedBy: undefined, update: { stage: 'preparing' } });
  expect(after.apps[0]?.containers[0]).toMatchObject({
    containerId: before.apps[0]?.containers[0]?.containerId,
    startedAt: '2026-11-23T00:00:22.300Z',
  });
  now += 200;
  expect(stage()).toBe('downloaded');
});

type Step = 'offer' | 'update' | 'force' | 'cancel' | 'lock' | 'unlock' | 'reboot' | number;

test('however often the state is read, it depends on controls and time alone', async () => {
  const steps = fc.array(
    fc.oneof(
      fc.constantFrom<Step>('offer', 'update', 'force', 'cancel', 'lock', 'unlock', 'reboot'),
      fc.integer({ min: 0, max: 20_000 }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const [watched, unwatched] = [await replay(history, true), await replay(history, false)];
      expect(watched).toEqual(unwatched);
    }),
    { numRuns: 100 },
  );
});

async function replay(history: readonly Step[], watch: boolean): Promise<unknown> {
  now = start;
  supervisor = emulate();
  let offers = 0;
  const seen: unknown[] = [];
  const act: Record<Exclude<Step, number>, () => unknown> = {
    offer: () => supervisor.releaseAvailable({ commit: `c${(offers += 1)}` }),
    update: () => update(),
    force: () => update({ force: true }),
    cancel: () => update({ cancel: true }),
    lock: () => supervisor.lock(),
    unlock: () => supervisor.unlock(),
    reboot: () => supervisor.fetch(new Request(`http://s/v1/reboot?apikey=${supervisor.apiKey}`, { method: 'POST' })),
  };
  for (const step of history) {
    if (typeof step !== 'number') {
      if (supervisor.state.rebooting) continue;
      await act[step]();
      continue;
    }
    const parts = watch ? 7 : 1;
    const from = now;
    for (let part = 1; part <= parts; part += 1) {
      now = from + Math.round((step * part) / parts);
      if (watch) seen.push(supervisor.state);
    }
  }
  return supervisor.state;
}
