import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startLockProcess } from '../../test/lock-process.js';
import { canMount, mountFileSystem, unlessMountable } from '@serve.zone/baseos-testing/files/file-system-mount';
import { temporaryFolder, type TemporaryFolder } from '../../test/temporary-folder.js';
import { acquireLock } from './acquire-lock.js';
import { removeIfStill } from './lock-file.js';
import { isUpdateLockError } from './update-lock-error.js';

const maker = '0123456789abcdef';
const other = 'fedcba9876543210';

let folder: TemporaryFolder;
let path: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'updates.lock');
});

afterEach(async () => folder[Symbol.asyncDispose]());

async function files() {
  return (await readdir(folder.path)).toSorted();
}

function beside(end: string) {
  return `${path}.${end}`;
}

async function leaveMark(holder = maker) {
  return writeFile(path, JSON.stringify({ holder }));
}

function pipe(at: string) {
  return execFileSync('mkfifo', [at]);
}

/** As a holder that has crashed leaves it. */
async function leaveSocket(id: string): Promise<void> {
  const server = createServer().listen(beside('listening'));
  await once(server, 'listening');
  // A name that outlives the server, which removes only the one that it has made.
  await link(beside('listening'), beside(id));
  await new Promise((resolve) => server.close(resolve));
}

describe('an object in place of the lock file is never taken over, and is named', () => {
  test.each<[string, () => unknown]>([
    ['a folder', async () => mkdir(path)],
    ['a pipe', () => pipe(path)],
    ['a symbolic link', async () => symlink(path, path)],
    ['a symbolic link', async () => symlink('/nowhere', path)],
    ['a symbolic link', async () => symlink(folder.path, path)],
    [
      'a symbolic link',
      async () => {
        await symlink(path, beside('b'));
        await symlink(beside('b'), path);
      },
    ],
  ])('%s', async (kind, make) => {
    await make();
    const before = await files();
    await expect(acquireLock({ path })).rejects.toMatchObject({
      code: 'held',
      holder: 'unknown',
      message: expect.stringContaining(`is ${kind}, which`),
    });
    await expect(acquireLock({ path, waitMs: 10 })).rejects.toMatchObject({ code: 'held' });
    expect(await files()).toEqual(before);
  });

  test('a socket', async () => {
    const server = createServer().listen(path);
    await once(server, 'listening');
    await expect(acquireLock({ path })).rejects.toThrow('is a socket, which');
    server.close();
  });

  test('a device', async () => {
    await expect(acquireLock({ path: '/dev/null' })).rejects.toThrow('/dev/null is a device, which');
  });
});

describe('links to successors that no holder made end in an error', () => {
  test.each<[string, () => Promise<unknown>, string]>([
    ['to itself', async () => symlink(maker, beside(`${maker}.next`)), 'in a circle'],
    [
      'in a circle of two',
      async () => {
        await symlink(other, beside(`${maker}.next`));
        await symlink(maker, beside(`${other}.next`));
      },
      'in a circle',
    ],
    ['to a file of that name', async () => symlink(beside(`${maker}.next`), beside(`${maker}.next`)), 'no holder'],
    ['to another folder', async () => symlink('../../etc/passwd', beside(`${maker}.next`)), 'no holder'],
    ['that are not links', async () => writeFile(beside(`${maker}.next`), other), 'no holder'],
    ['that are folders', async () => mkdir(beside(`${maker}.next`)), 'no holder'],
  ])('%s', async (_what, make, words) => {
    await leaveMark();
    await make();
    const before = await files();
    await expect(acquireLock({ path, waitMs: 10 })).rejects.toMatchObject({
      code: 'held',
      holder: 'unknown',
      message: expect.stringContaining(words),
    });
    expect(await files()).toEqual(before);
  });

  test('and if they appear under a held lock, it is released nonetheless', async () => {
    const lock = await acquireLock({ path });
    await symlink(maker, beside(`${maker}.next`));
    expect(await lock.isHeld()).toBe(true);
    await lock.release();
    expect(await files()).toEqual([`updates.lock.${maker}.next`]);
  });

  test('unlike links that holders made, through any number of them', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => index.toString(16).padStart(16, '0'));
    await leaveMark(ids[0]);
    for (const [index, id] of ids.slice(0, -1).entries()) await symlink(ids[index + 1] ?? '', beside(`${id}.next`));
    await leaveSocket(ids.at(-1) ?? '');
    await (await acquireLock({ path })).release();
    expect(await files()).toEqual([]);
  });
});

describe('an object where a dead holder would listen', () => {
  test.each<[string, () => Promise<unknown>, left: string[]]>([
    ['a file', async () => writeFile(beside(maker), ''), []],
    ['a folder, which stays', async () => mkdir(beside(maker)), [`updates.lock.${maker}`]],
  ])('is not a holder: %s', async (_what, make, left) => {
    await leaveMark();
    await make();
    const lock = await acquireLock({ path });
    expect(await lock.isHeld()).toBe(true);
    await lock.release();
    expect(await files()).toEqual(left);
  });

  test('is not a living one: a link to itself', async () => {
    await leaveMark();
    await symlink(beside(maker), beside(maker));
    await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held', holder: 'unknown' });
  });
});

describe('an invalid folder in the path', () => {
  test.each<[string, (at: string) => Promise<unknown>, string]>([
    ['is a link to itself', async (at) => symlink(at, at), 'points to itself. Remove it, or correct `path`. (ELOOP)'],
    ['is a dangling link', async (at) => symlink('/nowhere', at), 'does not exist'],
    ['is a file', async (at) => writeFile(at, ''), 'is not a folder. Correct `path`. (ENOTDIR)'],
    ['is missing', async () => undefined, 'does not exist'],
  ])('%s', async (_what, make, words) => {
    const parent = join(folder.path, 'parent');
    await make(parent);
    await expect(acquireLock({ path: join(parent, 'updates.lock'), waitMs: 10 })).rejects.toMatchObject({
      name: 'UpdateLockError',
      code: 'no-folder',
      message: expect.stringContaining(words),
    });
  });

  test.each<[string, unknown, string]>([
    ['a NUL character', 'a\0b', 'NUL'],
    ['no text', 5, '`path`'],
    ['a URL', new URL('file:///tmp/a'), '`path`'],
  ])('a path that is %s throws a TypeError', async (_what, given, words) => {
    const refusal: unknown = await acquireLock({ path: given as string }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(TypeError);
    expect((refusal as TypeError).message).toContain(words);
  });
});

describe('a lock that loses its place', () => {
  const replacements: [string, (folderPath: string) => Promise<unknown>][] = [
    ['whose folder is gone', async () => undefined],
    ['whose folder is a file now', async (at) => writeFile(at, '')],
    ['whose folder is now a dangling link', async (at) => symlink('/nowhere', at)],
  ];

  test.each(replacements)('%s is no longer held, and is released without an error', async (_what, replace) => {
    const parent = join(folder.path, 'parent');
    await mkdir(parent);
    const lock = await acquireLock({ path: join(parent, 'updates.lock') });
    await rm(parent, { recursive: true });
    await replace(parent);
    expect(await lock.isHeld()).toBe(false);
    await lock.release();
  });

  test('whose folder is now a link to itself cannot be checked, which is an UpdateLockError', async () => {
    const parent = join(folder.path, 'parent');
    await mkdir(parent);
    const lock = await acquireLock({ path: join(parent, 'updates.lock') });
    await rm(parent, { recursive: true });
    await symlink(parent, parent);
    for (const ask of [lock.isHeld(), lock.release()]) {
      await expect(ask).rejects.toMatchObject({ name: 'UpdateLockError', code: 'no-folder' });
    }
  });

  test.each<[string, () => unknown]>([
    ['a folder', async () => mkdir(path)],
    ['a pipe', () => pipe(path)],
    ['a link to itself', async () => symlink(path, path)],
  ])('to %s is no longer held, and stays that way', async (_what, replace) => {
    const lock = await acquireLock({ path });
    await rm(path);
    await replace();
    expect(await lock.isHeld()).toBe(false);
    await lock.release();
    expect(await files()).toEqual(['updates.lock']);
  });

  test('to a folder between the check and its removal has that folder restored', async () => {
    await mkdir(path);
    await writeFile(join(path, 'inside'), 'kept');
    await removeIfStill(path, [maker]);
    expect(await files()).toEqual(['updates.lock']);
    expect(await readFile(join(path, 'inside'), 'utf8')).toBe('kept');
  });
});

describe('a lock file that others change all the while', () => {
  /** Does so, in turns, until the promise has settled. */
  async function whileChanging(changes: (() => Promise<unknown>)[], promise: Promise<unknown>): Promise<unknown> {
    const end = new AbortController();
    const settled = promise.then(
      (value) => value,
      (error: unknown) => error,
    );
    void settled.finally(() => end.abort());
    while (!end.signal.aborted) for (const change of changes) await change().catch(() => undefined);
    return settled;
  }

  test('is acquired in the end, or is held', async () => {
    let holders = 0;
    const changes = [
      async () => leaveMark((holders += 1).toString(16).padStart(16, '0')),
      async () => symlink(maker, beside(`${maker}.next`)),
      async () => rm(path, { force: true }),
    ];
    const takeAndRelease = async () => {
      const lock = await acquireLock({ path });
      await lock.release();
      return 'had';
    };
    for (let round = 0; round < 20; round += 1) {
      const outcome = await whileChanging(changes, takeAndRelease());
      expect(isUpdateLockError(outcome) ? outcome.code : outcome).toMatch(/^(?:had|held)$/);
    }
  });

  test('is not waited for if it is a pipe for moments', async () => {
    const [file, fifo, next] = [beside('file'), beside('fifo'), beside('swap')];
    await writeFile(file, 'theirs');
    pipe(fifo);
    const put = async (what: string) => {
      await link(what, next);
      await rename(next, path);
    };
    await put(file);
    const looks = (async () => {
      for (let look = 0; look < 300; look += 1) {
        await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held', holder: 'unknown' });
      }
    })();
    expect(await whileChanging([async () => put(fifo), async () => put(file)], looks)).toBeUndefined();
  });
});

describe.skipIf(!canMount)(`a disk${unlessMountable}`, () => {
  test('that is full is reported as such, and nothing is left on it', async () => {
    await using mounted = await mountFileSystem(folder.path, 4);
    await writeFile(join(mounted.path, 'big'), 'x'.repeat(4096));
    await expect(acquireLock({ path })).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('the disk is full. Free some space, then take the lock. (ENOSPC)'),
    });
    expect(await files()).toEqual(['big']);
  });

  test('that is read-only is reported as such', async () => {
    await using mounted = await mountFileSystem(folder.path, 4);
    await mounted.makeReadOnly();
    await expect(acquireLock({ path, waitMs: 10 })).rejects.toMatchObject({ code: 'read-only' });
  });

  test('that becomes read-only under a lock keeps it, and the release says why', async () => {
    await using mounted = await mountFileSystem(folder.path, 4);
    await using service = await startLockProcess();
    expect(await service.acquire({ path })).toBe('acquired');
    // A socket that listens does not keep the file system from it, as a file would that is open for writing.
    await mounted.makeReadOnly();
    await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held', holder: 'process' });
    expect(await service.release()).toBe('read-only');
    await service.crash();
    await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'read-only' });
  }, 180_000);
});
