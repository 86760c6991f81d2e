import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { acquireLock, UpdateLockError } from '@serve.zone/balena-supervisor-client/update-lock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../test/virtual-clock.js';
import { recordingLogger } from '../../test/simulation.js';
import { systemClock } from '../ports/clock.js';
import { LockKeeper, type LockKeeperParts } from './lock-keeper.js';
import type { LockState } from './lock-state.js';

const isRoot = process.getuid?.() === 0;

let stopping: AbortController;
let folder: string;

beforeEach(async () => {
  stopping = new AbortController();
  folder = await mkdtemp(join(tmpdir(), 'gate-'));
});

afterEach(async () => {
  stopping.abort();
  await rm(folder, { recursive: true, force: true });
});

/** A keeper, and what becomes of its lock. */
function keeperOf(parts: Pick<LockKeeperParts, 'take' | 'clock'>) {
  const states: LockState[] = [];
  let wake: (() => void) | undefined;
  const { logger, lines } = recordingLogger();
  const keeper = new LockKeeper({
    ...parts,
    logger,
    stopping: stopping.signal,
    onChange: (state) => {
      states.push(state);
      wake?.();
    },
  });
  const until = async (kind: LockState['kind']): Promise<void> => {
    while (keeper.state.kind !== kind) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { keeper, states, lines, until };
}

describe('on the folder of a service', () => {
  const path = () => join(folder, 'updates.lock');
  const onDisk = () => keeperOf({ take: async () => acquireLock({ path: path() }), clock: systemClock });

  test('the lock is a file while it is wanted, and nothing is left afterwards', async () => {
    const { keeper, states } = onDisk();
    expect(await keeper.hold()).toEqual({ kind: 'held' });
    expect((await stat(path())).isFile()).toBe(true);
    expect(await keeper.release()).toEqual({ kind: 'released' });
    expect(await readdir(folder)).toEqual([]);
    expect(states).toEqual([{ kind: 'held' }, { kind: 'released' }]);
  });

  test('a stop leaves the lock where it is, so that releases wait for the next agent', async () => {
    const first = onDisk();
    await first.keeper.hold();
    const before = await readFile(path(), 'utf8');
    stopping.abort();
    await first.keeper.release();
    expect(await readFile(path(), 'utf8')).toBe(before);
  });

  test.runIf(isRoot)("the Supervisor's own lock is left alone, and ours follows once it is gone", async () => {
    await writeFile(path(), '1', { mode: 0o444 });
    await chown(path(), 65_534, 0);
    const { ino } = await stat(path());
    const { keeper, until } = onDisk();
    expect(await keeper.hold()).toEqual({ kind: 'awaited', holder: 'supervisor' });
    await systemClock.sleep(700, stopping.signal);
    expect((await stat(path())).ino).toBe(ino);
    await unlink(path());
    await until('held');
    expect((await stat(path())).uid).toBe(process.getuid?.());
  });

  test.runIf(isRoot)('a lock that a forced update replaced is noticed, told, and taken again', async () => {
    const clock = new VirtualClock();
    const { keeper, until, lines } = keeperOf({ take: async () => acquireLock({ path: path() }), clock });
    await keeper.hold();
    await unlink(path());
    await writeFile(path(), '1', { mode: 0o444 });
    await chown(path(), 65_534, 0);
    const { ino } = await stat(path());
    const noticed = until('awaited');
    await clock.advance(5000);
    await noticed;
    expect(keeper.state).toEqual({ kind: 'awaited', holder: 'supervisor' });
    expect((await stat(path())).ino).toBe(ino);
    expect(lines.map(({ message }) => message).join()).toContain('was overridden');
    await unlink(path());
    const taken = until('held');
    for (let step = 0; keeper.state.kind !== 'held' && step < 200; step += 1) await clock.advance(500);
    await taken;
  });

  test('a file that something else made is neither removed nor taken, whatever is wanted', async () => {
    await writeFile(path(), 'theirs');
    const { keeper } = onDisk();
    expect(await keeper.hold()).toEqual({ kind: 'awaited', holder: 'unknown' });
    await keeper.release();
    await keeper.clear();
    expect(await readFile(path(), 'utf8')).toBe('theirs');
  });

  test('a folder that appears later gets the lock', async () => {
    await rm(folder, { recursive: true });
    const { keeper, until } = onDisk();
    expect(await keeper.hold()).toMatchObject({ kind: 'impossible', message: expect.stringContaining('ENOENT') });
    await mkdir(folder);
    await until('held');
  });
});

describe('in time', () => {
  test('a lock that is held is looked at every five seconds, and one that is not wanted never', async () => {
    const clock = new VirtualClock();
    let looks = 0;
    const lock = { isHeld: async () => (looks += 1) > 0, release: async () => undefined };
    const { keeper } = keeperOf({ take: async () => lock, clock });
    await keeper.hold();
    await clock.advance(60_000);
    expect(looks).toBe(12);
    await keeper.release();
    await clock.advance(0);
    expect(clock.sleeping).toBe(0);
  });

  test('a lock that is awaited is tried twice a second for a minute, then every five seconds', async () => {
    const clock = new VirtualClock();
    let tries = 0;
    const take = async (): Promise<never> => {
      tries += 1;
      throw new UpdateLockError({ code: 'held', holder: 'supervisor', path: '/lock', message: 'held' });
    };
    const { keeper, states } = keeperOf({ take, clock });
    await keeper.hold();
    await clock.advance(60_000);
    expect(tries).toBe(121);
    await clock.advance(60_000);
    expect(tries).toBe(133);
    expect(states).toEqual([{ kind: 'awaited', holder: 'supervisor' }]);
  });

  test('a lock that cannot be released is tried again until it is', async () => {
    const clock = new VirtualClock();
    let failures = 3;
    const release = async () => {
      if (failures-- > 0) throw new Error('EIO');
    };
    const { keeper } = keeperOf({ take: async () => ({ isHeld: async () => true, release }), clock });
    await keeper.hold();
    expect(await keeper.release()).toEqual({ kind: 'impossible', message: 'EIO' });
    await clock.advance(2000);
    expect(keeper.state).toEqual({ kind: 'released' });
  });

  test('what is wanted last counts, however fast that changes', async () => {
    const clock = new VirtualClock();
    let isTaken = false;
    const lock = { isHeld: async () => isTaken, release: async () => void (isTaken = false) };
    const { keeper } = keeperOf({ take: async () => ((isTaken = true), lock), clock });
    await Promise.all([keeper.hold(), keeper.release(), keeper.hold(), keeper.release(), keeper.clear()]);
    expect(keeper.state).toEqual({ kind: 'released' });
    expect(isTaken).toBe(false);
    await Promise.all([keeper.release(), keeper.hold()]);
    expect(isTaken).toBe(true);
  });
});
