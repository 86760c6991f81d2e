import { sleep } from '../waiting/sleep.js';
import { Turns } from '../waiting/turns.js';
import { effectiveUid } from './effective-uid.js';
import { OwnLifeSign } from './own-life-sign.js';
import { isStill, removeLockFile, supervisorUid, takeLockFile, type Succession } from './lock-file.js';
import { lockPath } from './lock-path.js';
import { isUpdateLockError, nobodyError, toUpdateLockError } from './update-lock-error.js';

/** Which lock is taken, and how long it is waited for. */
export interface UpdateLockOptions {
  /**
   * The lock file.
   * @default BALENA_APP_LOCK_PATH, else RESIN_APP_LOCK_PATH, else `/tmp/balena/updates.lock`, or
   * `/tmp/resin/resin-updates.lock` where there is only that folder, as on Supervisors before 7.22
   */
  path?: string | undefined;
  /** How long to wait for somebody else to release the lock, in milliseconds. @default 0 */
  waitMs?: number | undefined;
  /** Ends the waiting, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** An update lock that this process has. */
export interface UpdateLock extends AsyncDisposable {
  /** The lock file. */
  readonly path: string;
  /**
   * Whether it still keeps updates away: a forced update, restart or reboot deletes the lock file, and stops the service
   * soon after.
   *
   * @throws UpdateLockError if the lock file can no longer be looked at
   */
  isHeld(): Promise<boolean>;
  /**
   * Lets updates come, unless this process has other locks. Never fails because the lock was lost, never removes one that
   * somebody else has made since, and does nothing the second time.
   *
   * @throws UpdateLockError if the file system does not let the lock file be removed
   */
  release(): Promise<void>;
}

/**
 * Keeps the Supervisor from stopping this service for an update, restart or reboot, until the lock is released. The update
 * is downloaded nevertheless. Resolves when the lock is taken.
 *
 * One process may take it several times, and updates come when the last of these locks is released. Between processes it
 * is exclusive. A lock that a process left behind that died is taken over; one that lives never loses it to another.
 * Taking and releasing it right away thus clears what a crash has left behind.
 *
 * The lock of the host OS's own updates is another one (`flock` on the same file), which Node cannot take.
 *
 * @throws UpdateLockError `held` if somebody else has it, after `waitMs`. TypeError for a mistaken option.
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

/** The lock as this process has it, for as many as have asked for it. */
interface Holding {
  path: string;
  succession: Succession;
  lifeSign: OwnLifeSign;
  holders: number;
}

/** A lock file belongs to a process, so that what is known of it does, too. */
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
    // Why there is no lock says more than what is in the way of clearing up after it.
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

/** One after the other for each path, so that no two in this process take the lock from each other. */
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
