import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startLockProcess } from '../../test/lock-process.js';
import { SupervisorClient } from '../index.js';
import { acquireLock } from './acquire-lock.js';

// Processes of Node are started, which takes long on a machine with other work.
vi.setConfig({ testTimeout: 60_000 });

const appId = 1_234_567;

/** An emulated device on a socket whose locks are files, and the lock that its service takes. */
async function startDevice(options: { supervisorVersion?: string } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'emulated-device-'));
  const device = createSupervisor({ apps: [{ appId }], lockFiles: folder, ...options });
  const { address, close } = await device.listen();
  const supervisor = new SupervisorClient({ address, apiKey: device.apiKey });
  const service = join(folder, String(appId), 'main');
  onTestFinished(async () => {
    await close();
    await rm(folder, { recursive: true });
  });
  return { device, app: supervisor.app(appId), service, path: join(service, 'updates.lock') };
}

test('a lock that a service has taken in its own process blocks a restart until it is released', async () => {
  const { app, device, path } = await startDevice();
  await using service = await startLockProcess();
  expect(await service.acquire({ path })).toBe('acquired');
  expect(device.state.apps[0]?.lockedBy).toBe('main');
  await expect(app.restart()).rejects.toMatchObject({ code: 'locked', lock: 'user-lock' });
  expect(await service.release()).toBe('released');
  await app.restart();
});

test.each(['12.2.10', '7.23.0'])('it does so with the message of Supervisor %s too', async (supervisorVersion) => {
  const { app, path } = await startDevice({ supervisorVersion });
  await using lock = await acquireLock({ path });
  await expect(app.restart()).rejects.toMatchObject({ code: 'locked', lock: 'user-lock' });
  expect(await lock.isHeld()).toBe(true);
});

test('a forced restart removes the lock, which its holder can detect', async () => {
  const { app, path, service } = await startDevice();
  await using lock = await acquireLock({ path });
  expect(await lock.isHeld()).toBe(true);
  await app.restart({ force: true });
  expect(await lock.isHeld()).toBe(false);
  expect(await readdir(service)).not.toContain('updates.lock');
});

test('a lock of the Supervisor is waited for', async () => {
  const { device, path } = await startDevice();
  device.holdLocks();
  await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held' });
  const waiting = acquireLock({ path, waitMs: 60_000 });
  device.releaseLocks();
  await using lock = await waiting;
  expect(await lock.isHeld()).toBe(true);
});
