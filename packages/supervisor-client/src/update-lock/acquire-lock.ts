import { sleep } from '../waiting/sleep.js';
import { Turns } from '../waiting/turns.js';
import { effectiveUid } from './effective-uid.js';
import { OwnLifeSign } from './own-life-sign.js';
import { isStill, removeLockFile, supervisorUid, takeLockFile } from './lock-file.js';
import { lockPath } from './lock-path.js';
import type { Succession } from './succession.js';
import { isUpdateLockError, nobodyError, toUpdateLockError } from './update-lock-error.js';

/** Which lock to take, and how long to wait for it. */
export interface UpdateLockOptions {
  /**
   * The lock file.
   * @default BALENA_APP_LOCK_PATH, else RESIN_APP_LOCK_PATH, else `/tmp/balena/updates.lock`, or
   * `/tmp/resin/resin-updates.lock` if only that folder exists, as on Supervisors before 7.22
   */
  path?: string | undefined;
  /** How long to wait for the lock, in milliseconds, while something else holds it. @default 0 */
  waitMs?: number | undefined;
  /** Ends the wait, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** An update lock that this process holds. */
export interface UpdateLock extends AsyncDisposable {
  /** The lock file. */
  path: string;
  /**
   * Whether the lock still prevents updates. A forced update, restart or reboot deletes the lock file and stops the service
   * soon after.
   *
   * @throws UpdateLockError if the lock file can no longer be read
   */
  isHeld(): Promise<boolean>;
  /**
   * Allows updates again, unless this process holds the lock more than once. It does not fail if the lock was lost, does not
   * remove a lock that something else has created since, and does nothing the second time.
   *
   * @throws UpdateLockError if the file system does not allow the lock file to be removed
   */
  release(): Promise<void>;
}

/**
 * Prevents the Supervisor from stopping this service for an update, restart or reboot until you release the lock. Updates
 * are still downloaded. Resolves when the lock is taken.
 *
 * One process can take the lock several times; updates are possible when all of these locks are released. Between
 * processes the lock is exclusive. The lock of a process that has died is taken over; a running process never loses its
 * lock to another one. To clear a lock that a crash left behind, take the lock and release it.
 *
 * Updates of the host OS have a different lock (`flock` on the same file), which Node cannot take.
 *
 * @throws UpdateLockError `held` if something else still has the lock after `waitMs`. TypeError for an invalid option.
 * @see https://docs.balena.io/learn/deploy/release-strategy/update-locking/
 */
export async function acquireLock(options: UpdateLockOptions = {}): Promise<UpdateLock> {
  const { waitMs = 0, signal } = options;
  if (!(typeof waitMs === 'number' && waitMs >= 0)) {
    throw new TypeError('The option `waitMs` must be a number of milliseconds, 0 or more.');
  }
  const path = lockPath(options.path);
  if (effectiveUid() === supervisorUid) throw nobodyError(path);

  const endsAtMs = performance.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return lockOf(await inTurn(path, async () => wording(path, async () => hold(path))));
    } catch (error) {
      const leftMs = endsAtMs - performance.now();
      if (!isUpdateLockError(error) || error.code !== 'held' || leftMs <= 0) throw error;
      await sleep(Math.min(leftMs, lookAgainMs), signal);
    }
  }
}

const lookAgainMs = 250;

/** The lock of this process, which several callers can share. */
interface Holding {
  path: string;
  succession: Succession;
  lifeSign: OwnLifeSign;
  holders: number;
}

/** A lock file belongs to the whole process, and so does this. */
const holdings = new Map<string, Holding>();

async function hold(path: string): Promise<Holding> {
  const known = holdings.get(path);
  if (known !== undefined) {
    if (await isStill(path, known.succession)) {
      known.holders += 1;
      return known;
    }
    await letGo(known);
  }
  const lifeSign = new OwnLifeSign(path);
  try {
    const succession = await takeLockFile(path, lifeSign);
    const holding = { path, succession, lifeSign, holders: 1 };
    holdings.set(path, holding);
    return holding;
  } catch (error) {
    // Why there is no lock says more than why the clean-up failed.
    await lifeSign.end().catch(() => undefined);
    throw error;
  }
}

async function letGo(holding: Holding): Promise<void> {
  const { path, succession, lifeSign } = holding;
  if (holdings.get(path) === holding) holdings.delete(path);
  try {
    await removeLockFile(path, succession);
  } finally {
    await lifeSign.end();
  }
}

function lockOf(holding: Holding): UpdateLock {
  const { path, succession } = holding;
  let isReleased = false;
  const release = async () => {
    if (isReleased) return;
    isReleased = true;
    await inTurn(path, async () => {
      holding.holders -= 1;
      if (holding.holders === 0) await wording(path, async () => letGo(holding));
    });
  };
  return {
    path,
    isHeld: async () => !isReleased && wording(path, async () => isStill(path, succession)),
    release,
    [Symbol.asyncDispose]: release,
  };
}

const turns = new Map<string, Turns>();

/** One task at a time for each path, so that callers in this process do not take the lock from each other. */
async function inTurn<Result>(path: string, task: () => Promise<Result>): Promise<Result> {
  const ofPath = turns.get(path) ?? new Turns();
  turns.set(path, ofPath);
  return ofPath.take(task, undefined);
}

async function wording<Result>(path: string, task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    throw isUpdateLockError(error) ? error : toUpdateLockError(path, error);
  }
}
