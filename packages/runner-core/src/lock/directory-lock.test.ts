import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type IdentityProcess, openIdentityInProcess, resetIdentityInProcess } from '../../test/child-process.js';
import { parseConfig } from '../config/parse-config.js';
import { lockDirectory } from './directory-lock.js';
import { openIdentity } from '../store/open-identity.js';

let directory: string;
let processes: IdentityProcess[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'baseos-lock-'));
  processes = [];
});
afterEach(async () => {
  await Promise.all(processes.map(async (process) => process.crash()));
  rmSync(directory, { recursive: true });
});

function start(...parameters: Parameters<typeof openIdentityInProcess>): IdentityProcess {
  const process = openIdentityInProcess(...parameters);
  processes.push(process);
  return process;
}

function succeeds(program: string, ...argv: string[]): boolean {
  return spawnSync(program, argv, { stdio: 'ignore' }).status === 0;
}

function chattr(mark: string, path: string): boolean {
  return succeeds('chattr', mark, path);
}

/** Takes root, and a file system that knows such marks. */
const canMark = ((): boolean => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const place = mkdtempSync(join(tmpdir(), 'baseos-marked-'));
  const isMarked = chattr('+a', place);
  if (isMarked) chattr('-a', place);
  rmSync(place, { recursive: true });
  return isMarked;
})();

describe.runIf(canMark)('in an append-only directory (needs root, and a disk that supports the attribute)', () => {
  afterEach(() => void chattr('-a', directory));

  test('no lock can be made, repeated attempts leave one socket, and that is removed once possible', async () => {
    chattr('+a', directory);
    for (let tries = 0; tries < 5; tries += 1) await expect(lockDirectory({ directory })).rejects.toThrow('EPERM');
    expect(readdirSync(directory)).toHaveLength(1);
    chattr('-a', directory);
    const lock = await lockDirectory({ directory });
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe('lockDirectory', () => {
  test('lets one holder in at a time, and everyone in the end', async () => {
    let holders = 0;
    let most = 0;
    const hold = async (): Promise<void> => {
      const lock = await lockDirectory({ directory });
      holders += 1;
      most = Math.max(most, holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders -= 1;
      await lock.release();
    };
    await Promise.all(Array.from({ length: 6 }, hold));
    expect(most).toBe(1);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('reports once that it waits, and fails with the reason of an abort', async () => {
    const held = await lockDirectory({ directory });
    const abort = new AbortController();
    const reason = new Error('stopped');
    let waits = 0;
    const second = lockDirectory({
      directory,
      signal: abort.signal,
      onWait: () => {
        waits += 1;
        abort.abort(reason);
      },
    });
    await expect(second).rejects.toBe(reason);
    expect(waits).toBe(1);
    await held.release();
    await (await lockDirectory({ directory })).release();
  });

  test('does not grant the lock if it cannot tell whether another holder exists', async () => {
    const unclear = join(directory, '.lock-0123abcd');
    symlinkSync(unclear, unclear);
    const held = lockDirectory({ directory, onWait: () => rmSync(unclear) });
    await (await held).release();
    expect(existsSync(unclear)).toBe(false);
  });

  test('fails if it cannot tell for long', async () => {
    const unclear = join(directory, '.lock-0123abcd');
    symlinkSync(unclear, unclear);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const passing = setInterval(() => vi.advanceTimersByTime(1000), 1);
    await expect(lockDirectory({ directory })).rejects.toMatchObject({ code: 'ELOOP' });
    clearInterval(passing);
    vi.useRealTimers();
  });

  test('fails if the path is too long for a socket', async () => {
    const deep = join(directory, 'd'.repeat(100));
    mkdirSync(deep);
    await expect(lockDirectory({ directory: deep })).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  });

  test('fails if the directory does not exist', async () => {
    await expect(lockDirectory({ directory: join(directory, 'missing') })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('two agents on one directory', () => {
  const statePath = (): string => join(directory, 'state', 'state.json');

  test('use it one after the other, even if the first is killed', async () => {
    const first = start(statePath());
    const { nodeId } = await first.next();
    const second = start(statePath());
    expect(await second.next()).toEqual({ waiting: expect.stringContaining(join(directory, 'state')) });
    await first.crash();
    expect(await second.next()).toMatchObject({ nodeId, source: 'state-file', durable: true });
    expect(readdirSync(join(directory, 'state')).filter((name) => name.startsWith('.'))).toHaveLength(1);
  });

  test('are kept apart while the first is frozen', async () => {
    const first = start(statePath());
    await first.next();
    first.child.kill('SIGSTOP');
    const second = start(statePath());
    expect(await second.next()).toHaveProperty('waiting');
    first.child.kill('SIGCONT');
    first.child.stdin.end();
    expect(await second.next()).toHaveProperty('nodeId');
  });

  test('leave nothing that blocks the next after a clean exit', async () => {
    const first = start(statePath());
    await first.next();
    first.child.stdin.end();
    await expect(first.next()).rejects.toThrow('ended');
    expect(readdirSync(join(directory, 'state')).toSorted()).toEqual(['state.json', 'state.json.last-good']);
  });

  test('do not load undici for any of this', async () => {
    expect(await start(statePath()).next()).toMatchObject({ loadedUndici: false });
  });

  test('are kept apart by a lock in the run directory if the state directory cannot hold one', async () => {
    const deep = join(directory, 'd'.repeat(100), 'state.json');
    const parsed = parseConfig({ BASEOS_STATE_PATH: deep, BASEOS_RUN_PATH: join(directory, 'run') });
    if (!parsed.ok) throw new Error('unreachable');
    const store = await openIdentity({ config: parsed.config });
    expect(store.durable).toBe(true);
    expect(store.notices[0]).toMatchObject({
      level: 'warn',
      message: expect.stringMatching(/ENAMETOOLONG.*another container/),
    });
    const abort = new AbortController();
    const second = openIdentity({ config: parsed.config, signal: abort.signal, onWait: () => abort.abort() });
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    await store.close();
    expect(existsSync(deep)).toBe(true);
  });
});

describe.runIf(process.getuid?.() === 0)('agents of two users on one directory', () => {
  const root = 0;
  const nobody = 65_534;
  const operator = 1001;
  const pairs = [
    { first: root, second: nobody },
    { first: nobody, second: root },
    { first: nobody, second: operator },
  ];
  /** A directory that all of them enter; its owner has the agent of `node` close it to the others. */
  const shared = (mode: number, owner: number): string => {
    chmodSync(directory, 0o755);
    const path = join(directory, 'state');
    mkdirSync(path);
    chmodSync(path, mode);
    chownSync(path, owner, owner);
    return join(path, 'state.json');
  };

  test.each(pairs)('run one after the other: user $first, then user $second', async ({ first, second }) => {
    const statePath = shared(0o1777, root);
    const holder = start(statePath, first);
    await holder.next();
    const waiter = start(statePath, second);
    expect(await waiter.next()).toHaveProperty('waiting');
    await holder.crash();
    expect(await waiter.next()).not.toHaveProperty('waiting');
  });

  test.each(pairs)(
    'run one after the other if only the first may use the directory: user $first, then user $second',
    async (pair) => {
      const statePath = shared(0o700, pair.first);
      const holder = start(statePath, pair.first);
      await holder.next();
      const waiter = start(statePath, pair.second);
      expect(await waiter.next()).toHaveProperty('waiting');
    },
  );

  test.each(pairs)('reject a reset by another user: user $first, reset by user $second', async ({ first, second }) => {
    const statePath = shared(0o777, root);
    writeFileSync(statePath, '{"nodeId":"old-node","nodeToken":"old-token"}', { mode: 0o666 });
    const holder = start(statePath, first);
    await holder.next();
    const reset = resetIdentityInProcess(statePath, second);
    processes.push(reset);
    const told = await reset.next();
    // A directory that this user may not list is no directory that it could reset.
    expect(told).toMatchObject({ isHeld: true, kind: expect.stringMatching(/refused|failed/) });
    expect(existsSync(statePath)).toBe(true);
  });

  test('wait for a lock that this user cannot access, and say who must act', async () => {
    const statePath = shared(0o777, root);
    const closed = join(dirname(statePath), '.lock-0123abcd');
    const server = createServer().listen(closed);
    await once(server, 'listening');
    chmodSync(closed, 0o600);
    const waiter = start(statePath, nobody);
    expect(await waiter.next()).toEqual({ waiting: expect.stringContaining(`remove it as root: rm ${closed}`) });
    server.close();
    expect(await waiter.next()).toMatchObject({ durable: true });
  });

  test('are kept apart if the directory cannot hold a lock, wherever either may write', async () => {
    chmodSync(directory, 0o755);
    const deep = join(directory, 'd'.repeat(100), 'state.json');
    mkdirSync(dirname(deep));
    chmodSync(dirname(deep), 0o1777);
    const holder = start(deep, root);
    await holder.next();
    const waiter = start(deep, nobody);
    expect(await waiter.next()).toHaveProperty('waiting');
    await holder.crash();
    expect(await waiter.next()).not.toHaveProperty('waiting');
  });
});
