import { chmod, chown, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../../test/temporary-folder.js';
import { acquireLock } from './acquire-lock.js';
import { withLock } from './with-lock.js';

const supervisorUid = 65_534;
const isRoot = process.geteuid?.() === 0;

let folder: TemporaryFolder;
let path: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'updates.lock');
});

afterEach(async () => folder[Symbol.asyncDispose]());

async function files() {
  return readdir(folder.path);
}

describe('an update lock', () => {
  test('is a file while it is held, and leaves nothing behind', async () => {
    const lock = await acquireLock({ path });
    expect(await files()).toContain('updates.lock');
    expect(await lock.isHeld()).toBe(true);
    expect(lock.path).toBe(path);
    await lock.release();
    expect(await files()).toEqual([]);
    expect(await lock.isHeld()).toBe(false);
  });

  test('is released once, however often release is called', async () => {
    const lock = await acquireLock({ path });
    await lock.release();
    await writeFile(path, 'somebody else');
    await lock.release();
    expect(await files()).toEqual(['updates.lock']);
  });

  test('can be held by `await using`', async () => {
    {
      await using lock = await acquireLock({ path });
      expect(await lock.isHeld()).toBe(true);
    }
    expect(await files()).toEqual([]);
  });

  test('is held until the last holder in the process releases it', async () => {
    const [first, second] = await Promise.all([acquireLock({ path }), acquireLock({ path })]);
    await first.release();
    expect(await first.isHeld()).toBe(false);
    expect(await second.isHeld()).toBe(true);
    await second.release();
    expect(await files()).toEqual([]);
  });

  test('whose file a forced update has deleted is lost, and released without an error', async () => {
    const lock = await acquireLock({ path });
    await rm(path);
    expect(await lock.isHeld()).toBe(false);
    await lock.release();
    expect(await files()).toEqual([]);
  });

  test('that is lost does not remove one that somebody else has made since', async () => {
    const lock = await acquireLock({ path });
    await rm(path);
    await writeFile(path, 'newer');
    await lock.release();
    expect(await readFile(path, 'utf8')).toBe('newer');
    expect(await files()).toEqual(['updates.lock']);
  });

  test('that is lost can be taken again, and releasing the old one does not affect it', async () => {
    const lost = await acquireLock({ path });
    await rm(path);
    const lock = await acquireLock({ path });
    expect(await lost.isHeld()).toBe(false);
    await lost.release();
    expect(await lock.isHeld()).toBe(true);
    await lock.release();
    expect(await files()).toEqual([]);
  });
});

describe('a lock file without our mark', () => {
  test('is never touched', async () => {
    await writeFile(path, '0');
    await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held', holder: 'unknown', path });
    expect(await files()).toEqual(['updates.lock']);
  });

  test('may be a folder', async () => {
    await mkdir(path);
    await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held', holder: 'unknown' });
  });

  test('may be a dangling link', async () => {
    await symlink('/nowhere', path);
    await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held', holder: 'unknown' });
  });

  test.skipIf(!isRoot)("of the Supervisor's user is the Supervisor's", async () => {
    await writeFile(path, '0');
    await chown(path, supervisorUid, supervisorUid);
    await expect(acquireLock({ path })).rejects.toMatchObject({
      code: 'held',
      holder: 'supervisor',
      message: expect.stringContaining('Supervisor'),
    });
    expect(await files()).toEqual(['updates.lock']);
  });

  test('is waited for', async () => {
    await writeFile(path, '0');
    const waiting = acquireLock({ path, waitMs: 60_000 });
    await rm(path);
    await using lock = await waiting;
    expect(await lock.isHeld()).toBe(true);
  });

  test('is waited for no longer than configured', async () => {
    await writeFile(path, '0');
    await expect(acquireLock({ path, waitMs: 20 })).rejects.toMatchObject({ code: 'held' });
  });

  test('is no longer waited for after an abort', async () => {
    await writeFile(path, '0');
    const controller = new AbortController();
    const waiting = acquireLock({ path, waitMs: 60_000, signal: controller.signal });
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
  });
});

test("a mark without its holder's socket is not judged, because nobody knows who removed the socket", async () => {
  await using lock = await acquireLock({ path });
  const mark = await readFile(path, 'utf8');
  await lock.release();
  await writeFile(path, mark);
  await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held', holder: 'unknown' });
  expect(await files()).toEqual(['updates.lock']);
});

test('a holder that is too busy to answer counts as alive', async () => {
  const id = '0123456789abcdef';
  await writeFile(path, JSON.stringify({ holder: id }));
  const server = createServer().listen(`${path}.${id}`);
  await once(server, 'listening');
  await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held', holder: 'process' });
  server.close();
});

describe('if no lock can be made, the error says what to do', () => {
  test('if the folder is missing', async () => {
    await expect(acquireLock({ path: join(folder.path, 'none', 'updates.lock') })).rejects.toMatchObject({
      name: 'UpdateLockError',
      code: 'no-folder',
      message: expect.stringContaining('`path`'),
    });
  });

  test.skipIf(isRoot)('if this user may not write to it', async () => {
    await chmod(folder.path, 0o555);
    await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'not-permitted' });
  });

  test.each([
    ['waitMs', { waitMs: -1 }],
    ['waitMs', { waitMs: Number.NaN }],
    ['lock file', { path: `/tmp/${'x'.repeat(100)}` }],
  ])('if %s is invalid', async (name, options) => {
    const error: unknown = await acquireLock(options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as TypeError).message).toContain(name);
  });
});

describe('withLock', () => {
  test('returns the result, and holds the lock until then', async () => {
    const during = await withLock(async (lock) => [await lock.isHeld(), (await files()).includes('updates.lock')], {
      path,
    });
    expect(during).toEqual([true, true]);
    expect(await files()).toEqual([]);
  });

  test('releases the lock if the callback fails', async () => {
    await expect(withLock(() => Promise.reject(new Error('mine')), { path })).rejects.toThrow('mine');
    expect(await files()).toEqual([]);
  });

  test('may be nested', async () => {
    const inner = withLock(async () => withLock(async (lock) => lock.isHeld(), { path }), { path });
    expect(await inner).toBe(true);
    expect(await files()).toEqual([]);
  });

  test('does not call the callback without the lock', async () => {
    await writeFile(path, '0');
    let isCalled = false;
    const callback = () => {
      isCalled = true;
    };
    await expect(withLock(callback, { path })).rejects.toMatchObject({ code: 'held' });
    expect(isCalled).toBe(false);
  });
});
