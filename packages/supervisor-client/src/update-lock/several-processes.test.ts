import { chmod, chown, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startLockProcess, type LockProcess } from '../../test/lock-process.js';
import { temporaryFolder, type TemporaryFolder } from '../../test/temporary-folder.js';
import { acquireLock } from './acquire-lock.js';
import { takeLockFile } from './lock-file.js';

const isRoot = process.geteuid?.() === 0;
const otherUid = 4242;

// Each test starts processes of Node, which takes long on a machine with other work.
vi.setConfig({ testTimeout: 60_000 });

let folder: TemporaryFolder;
let path: string;
let started: LockProcess[];

beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'updates.lock');
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map(async (process) => process.crash()));
  await folder[Symbol.asyncDispose]();
});

async function start(environment: { uid?: number } = {}): Promise<LockProcess> {
  const process = await startLockProcess(environment);
  started.push(process);
  return process;
}

async function startSome(count: number): Promise<LockProcess[]> {
  return Promise.all(Array.from({ length: count }, async () => start()));
}

async function files() {
  return readdir(folder.path);
}

describe('a lock of another process', () => {
  test('is not taken while that process lives', async () => {
    const other = await start();
    expect(await other.acquire({ path })).toBe('acquired');
    await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held', holder: 'process' });
  });

  test('is taken when that process releases it', async () => {
    const other = await start();
    await other.acquire({ path });
    const waiting = acquireLock({ path, waitMs: 60_000 });
    expect(await other.release()).toBe('released');
    await (await waiting).release();
    expect(await files()).toEqual([]);
  });

  test('that has crashed is taken over, and the lock file existed all the while', async () => {
    const other = await start();
    await other.acquire({ path });
    await other.crash();
    expect(await files()).toContain('updates.lock');
    const lock = await acquireLock({ path });
    expect(await lock.isHeld()).toBe(true);
    await lock.release();
    expect(await files()).toEqual([]);
  });

  test('is taken over through any number of crashes, without more and more files', async () => {
    const counts: number[] = [];
    for (const process of await startSome(4)) {
      expect(await process.acquire({ path })).toBe('acquired');
      counts.push((await files()).length);
      await process.crash();
    }
    // The lock file, the socket of its holder, and a link to that.
    expect(counts).toEqual([2, 3, 3, 3]);
    await (await acquireLock({ path })).release();
    expect(await files()).toEqual([]);
  });

  test('is not taken by who saw a dead holder before another process took over from that', async () => {
    const [first, second, third] = await startSome(3);
    for (const process of [first, second]) {
      await process?.acquire({ path });
      await process?.crash();
    }
    const late = { id: 'fedcba9876543210', live: async () => expect(await third?.acquire({ path })).toBe('acquired') };
    await expect(takeLockFile(path, late)).rejects.toMatchObject({ code: 'held', holder: 'process' });
    expect((await files()).filter((name) => name.includes(late.id))).toEqual([]);
    expect(await third?.release()).toBe('released');
    expect(await files()).toEqual([]);
  });

  test('stays with the process that took it over', async () => {
    const [first, second] = await startSome(2);
    await first?.acquire({ path });
    await first?.crash();
    expect(await second?.acquire({ path })).toBe('acquired');
    await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held', holder: 'process' });
  });

  test('that took it over and lost it does not remove the next one', async () => {
    const [first, second] = await startSome(2);
    await first?.acquire({ path });
    await first?.crash();
    await second?.acquire({ path });
    await rm(path);
    const lock = await acquireLock({ path });
    expect(await second?.release()).toBe('released');
    expect(await lock.isHeld()).toBe(true);
    await lock.release();
    expect(await files()).toEqual([]);
  });
});

describe('of several processes at once', () => {
  test('one gets a free lock', async () => {
    const processes = await startSome(3);
    for (let round = 0; round < 5; round += 1) {
      const reports = await Promise.all(processes.map(async (process) => process.acquire({ path })));
      expect(reports.toSorted()).toEqual(['acquired', 'held process', 'held process']);
      await processes[reports.indexOf('acquired')]?.release();
      expect(await files()).toEqual([]);
    }
  });

  test('one takes over a lock that a crash left behind', async () => {
    const processes = await startSome(4);
    for (let rest = processes; rest.length > 1;) {
      const reports = await Promise.all(rest.map(async (process) => process.acquire({ path })));
      expect(reports.filter((report) => report === 'acquired')).toHaveLength(1);
      const winner = rest[reports.indexOf('acquired')];
      await winner?.crash();
      rest = rest.filter((process) => process !== winner);
    }
  });

  test('each gets it in the end, and never two at once', async () => {
    const processes = await startSome(3);
    let holders = 0;
    const most: number[] = [];
    await Promise.all(
      processes.map(async (process) => {
        for (let round = 0; round < 2; round += 1) {
          expect(await process.acquire({ path, waitMs: 60_000 })).toBe('acquired');
          most.push((holders += 1));
          holders -= 1;
          await process.release();
        }
      }),
    );
    expect(most).toEqual(Array.from({ length: 6 }, () => 1));
    expect(await files()).toEqual([]);
  });
});

describe.skipIf(!isRoot)('a process of another user', () => {
  test('may not write where only root may, and the error says what to do', async () => {
    const other = await start({ uid: otherUid });
    expect(await other.acquire({ path })).toBe('not-permitted');
    await chmod(folder.path, 0o755);
    expect(await other.acquire({ path })).toBe('not-permitted');
  });

  test('takes the lock if everybody may write', async () => {
    await chmod(folder.path, 0o1777);
    const other = await start({ uid: otherUid });
    expect(await other.acquire({ path })).toBe('acquired');
    await expect(acquireLock({ path })).rejects.toMatchObject({ code: 'held', holder: 'process' });
    expect(await other.release()).toBe('released');
    expect(await files()).toEqual([]);
  });

  test('sees that a lock of root is alive, and does not take over one that it could not remove', async () => {
    await chmod(folder.path, 0o1777);
    const [root, other] = [await start(), await start({ uid: otherUid })];
    await root.acquire({ path });
    expect(await other.acquire({ path })).toBe('held process');
    await root.crash();
    expect(await other.acquire({ path })).toBe('not-permitted');
  });

  test('leaves behind a lock that root can take over', async () => {
    await chmod(folder.path, 0o1777);
    const other = await start({ uid: otherUid });
    await other.acquire({ path });
    await other.crash();
    await (await acquireLock({ path })).release();
    expect(await files()).toEqual([]);
  });

  test("cannot run as the Supervisor's user, whose lock files it deletes", async () => {
    await chmod(folder.path, 0o1777);
    const nobody = await start({ uid: 65_534 });
    expect(await nobody.acquire({ path })).toBe('user-nobody');
  });

  test("does not take the Supervisor's lock for its own", async () => {
    await chmod(folder.path, 0o1777);
    await writeFile(path, '0');
    await chown(path, 65_534, 65_534);
    const other = await start({ uid: otherUid });
    expect(await other.acquire({ path })).toBe('held supervisor');
  });
});
