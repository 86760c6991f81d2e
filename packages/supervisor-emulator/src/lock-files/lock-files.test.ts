import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { html, startCaller } from '../../test/caller.js';
import type { Caller } from '../../test/caller.js';
import { createSupervisor } from '../index.js';
import type { SupervisorOptions } from '../index.js';

const appId = 1_234_567;
const isRoot = process.geteuid?.() === 0;
const supervisorUid = 65_534;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-files-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function start(options: SupervisorOptions = {}): Caller {
  return startCaller({ apps: [{ appId, services: ['main', 'side'] }], lockFiles: folder, ...options });
}

function folderOf(serviceName: string): string {
  return join(folder, String(appId), serviceName);
}

function lockOf(serviceName: string, name = 'updates.lock'): string {
  return join(folderOf(serviceName), name);
}

function files(serviceName: string): string[] {
  return readdirSync(folderOf(serviceName)).toSorted();
}

function modeOf(path: string): number {
  return lstatSync(path).mode & 0o7777;
}

const restart = `POST /v2/applications/${appId}/restart`;

function refusal(serviceName: string): string {
  return `Lockfile exists for { appId: ${appId}, service: ${serviceName} }`;
}

describe("a user's lock", () => {
  test.each<[what: string, make: (path: string) => void]>([
    ['a file', (path) => writeFileSync(path, '')],
    ['a folder', (path) => mkdirSync(path)],
    ['a dangling link', (path) => symlinkSync('/nowhere', path)],
  ])('is %s where the Supervisor looks for one', async (_what, make) => {
    const { supervisor, call } = start();
    make(lockOf('side'));
    expect(await call(restart)).toMatchObject({ status: 423, body: expect.stringContaining(refusal('side')) });
    expect(supervisor.state.apps[0]).toMatchObject({ lockedBy: 'side', locks: ['side'] });
    rmSync(lockOf('side'), { recursive: true });
    expect(supervisor.state.apps[0]?.locks).toEqual([]);
  });

  test('has either name, or only the older one before 7.22.0', async () => {
    const { supervisor } = start();
    writeFileSync(lockOf('main', 'resin-updates.lock'), '');
    expect(supervisor.state.apps[0]?.locks).toEqual(['main']);
    const old = start({ supervisorVersion: '7.21.5' }).supervisor;
    expect(old.state.apps[0]?.locks).toEqual(['main']);
    rmSync(lockOf('main', 'resin-updates.lock'));
    writeFileSync(lockOf('main'), '');
    expect([supervisor, old].map(({ state }) => state.apps[0]?.locks)).toEqual([['main'], []]);
  });

  test('belongs to the app before 7.0.0', () => {
    const { supervisor } = start({ supervisorVersion: '6.6.11', apps: [{ appId }] });
    writeFileSync(join(folder, String(appId), 'resin-updates.lock'), '');
    expect(supervisor.state.apps[0]?.locks).toEqual(['main']);
  });

  test('is removed by a forced call', async () => {
    const { callFor } = start();
    writeFileSync(lockOf('side'), '');
    expect((await callFor(5000, restart, { force: true })).status).toBe(200);
    expect(files('side')).toEqual([]);
  });

  test('blocks an update until it is removed', async () => {
    const { supervisor, clock, call } = start({ downloadDurationMs: 0 });
    writeFileSync(lockOf('main'), '');
    supervisor.releaseAvailable({ commit: 'new' });
    await call('POST /v1/update');
    await clock.advance(20_000);
    expect(supervisor.state.apps[0]?.update?.stage).toBe('blocked');
    rmSync(lockOf('main'));
    await clock.advance(30_000);
    expect(supervisor.state.apps[0]?.commit).toBe('new');
  });

  test('stays where lock() puts it, until unlock() or a reboot', async () => {
    const { supervisor, call } = start();
    supervisor.lock({ serviceName: 'side' });
    expect(files('side')).toEqual(['updates.lock']);
    supervisor.unlock();
    expect(files('side')).toEqual([]);
    writeFileSync(lockOf('main'), '');
    await call('POST /v1/reboot', { force: true });
    await supervisor.finishReboot();
    expect(files('main')).toEqual([]);
  });
});

describe("the Supervisor's own locks", () => {
  test('exist in all services under both names while it holds them', async () => {
    const { call, clock } = start();
    const restarted = call(restart);
    await clock.advance(300);
    const both = ['resin-updates.lock', 'updates.lock'];
    expect([files('main'), files('side')]).toEqual([both, both]);
    expect(modeOf(lockOf('main'))).toBe(0o444);
    expect(() => writeFileSync(lockOf('main'), '', { flag: 'wx' })).toThrow('EEXIST');
    await clock.advance(5000);
    expect((await restarted).status).toBe(200);
    expect([files('main'), files('side')]).toEqual([[], []]);
  });

  test.skipIf(!isRoot)('belong to its user, and such a file locks nothing', async () => {
    const { supervisor } = start();
    supervisor.holdLocks();
    expect(lstatSync(lockOf('main')).uid).toBe(supervisorUid);
    supervisor.releaseLocks();
    writeFileSync(lockOf('main'), '0');
    chownSync(lockOf('main'), supervisorUid, 0);
    expect(supervisor.state.apps[0]?.locks).toEqual([]);
    supervisor.holdLocks();
    supervisor.releaseLocks();
    expect(files('main')).toEqual([]);
  });

  test("remove a user's file when they are released, because they are removed by path", () => {
    const { supervisor } = start();
    supervisor.holdLocks();
    rmSync(lockOf('main'));
    writeFileSync(lockOf('main'), 'mine');
    expect(supervisor.state.apps[0]?.locks).toEqual(['main']);
    supervisor.releaseLocks();
    expect(existsSync(lockOf('main'))).toBe(false);
  });
});

test('a folder belongs to its service from the start, and to every user from the first attempt to lock it until a reboot', async () => {
  const { supervisor, call } = start();
  expect(modeOf(folderOf('main')) & 0o1022).toBe(0);
  supervisor.holdLocks();
  expect(modeOf(folderOf('main'))).toBe(0o1777);
  supervisor.releaseLocks();
  await call('POST /v1/reboot');
  await supervisor.finishReboot();
  expect(modeOf(folderOf('main'))).toBe(0o755);
});

test('over sockets and in real time, an update meets the files that exist at that moment', async () => {
  const supervisor = createSupervisor({ apps: [{ appId }], lockFiles: folder, downloadDurationMs: 1, relay: false });
  const { address, close } = await supervisor.listen();
  writeFileSync(lockOf('main'), '');
  supervisor.releaseAvailable({ commit: 'new' });
  const headers = { authorization: `Bearer ${supervisor.apiKey}` };
  expect((await fetch(`${address}/v1/update`, { method: 'POST', headers })).status).toBe(204);
  // No request is made meanwhile: the Supervisor's own files show that it has begun.
  await expect.poll(() => modeOf(folderOf('main')), { timeout: 60_000 }).toBe(0o1777);
  rmSync(lockOf('main'));
  await expect.poll(() => files('main'), { timeout: 60_000 }).toEqual(['resin-updates.lock', 'updates.lock']);
  await expect.poll(() => files('main'), { timeout: 60_000 }).toEqual([]);
  expect(supervisor.state.apps[0]?.commit).toBe('new');
  await close();
}, 120_000);

test('a folder that cannot exist is reported', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => createSupervisor({ lockFiles: file })).toThrow(
    `createSupervisor: lockFiles: the folder ${file} cannot be created (EEXIST).`,
  );
  const empty = (): unknown => createSupervisor({ lockFiles: '' });
  expect(empty).toThrow(TypeError);
  expect(empty).toThrow(/^createSupervisor: lockFiles must be the path of a folder\.$/);
});

test('without the option, locks are not files', async () => {
  const { supervisor, call } = startCaller({ apps: [{ appId }] });
  supervisor.lock();
  expect(await call(restart)).toMatchObject({ status: 423, type: expect.not.stringContaining(html) });
  expect(readdirSync(folder)).toEqual([]);
});

describe('an impossible place for a lock', () => {
  test.each<[what: string, spoil: (path: string) => void]>([
    ['a file', (path) => writeFileSync(path, '')],
    ['a link to itself', (path) => symlinkSync(path, path)],
    ['a dangling link', (path) => symlinkSync('/nowhere', path)],
  ])('holds none and blocks nothing: %s in place of the folder', async (_what, spoil) => {
    for (const spoilt of [folderOf('side'), join(folder, String(appId))]) {
      const { supervisor, call, clock } = start();
      rmSync(spoilt, { recursive: true });
      spoil(spoilt);
      expect(supervisor.state.apps[0]?.locks).toEqual([]);
      supervisor.lock({ serviceName: 'side' });
      const answer = call(restart);
      await clock.advance(60_000);
      expect(await answer).toMatchObject({ status: 200 });
      rmSync(spoilt);
    }
  });

  test.each(['..', '.', '../../other', '/etc', 'a/b', 'x'.repeat(300), '%2e%2e', 'mäin 😀'])(
    'is never outside the folder of the app: a service %j',
    async (serviceName) => {
      const own = join(folder, 'locks');
      const { supervisor } = start({ apps: [{ appId, services: [serviceName] }], lockFiles: own });
      supervisor.lock({ serviceName });
      expect(readdirSync(folder)).toEqual(['locks']);
      expect(readdirSync(own)).toEqual([String(appId)]);
      expect(readdirSync(join(own, String(appId))).length).toBeLessThanOrEqual(1);
    },
  );

  test.skipIf(process.platform !== 'linux')('is reported at once: a folder that the kernel creates itself', () => {
    const lockFiles = '/proc/there/cannot/be';
    expect(() => createSupervisor({ lockFiles })).toThrow(
      `createSupervisor: lockFiles: the folder ${lockFiles} cannot be created`,
    );
  });
});
