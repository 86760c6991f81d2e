import { constants, type Stats } from 'node:fs';
import { chmod, link, lstat, open, rename, symlink, writeFile } from 'node:fs/promises';
import { effectiveUid } from './effective-uid.js';
import { findLifeSign } from './find-life-sign.js';
import { removeFile, socketPath } from './own-life-sign.js';
import { lastOf, readSuccession, shorten, type Succession, successorPath } from './succession.js';
import {
  codeOf,
  foreignError,
  heldError,
  isGone,
  UpdateLockError,
  type UpdateLockHolder,
} from './update-lock-error.js';

/** The user under which the Supervisor creates its own locks, since 13.1. */
export const supervisorUid = 65_534;

/** A process that tries to take the lock. */
export interface Candidate {
  id: string;
  /** Starts to listen on its socket, unless it already does. */
  live(): Promise<void>;
}

/** Takes the lock. Throws `held` if something else has it, and then has created nothing in the folder. */
export async function takeLockFile(path: string, candidate: Candidate): Promise<Succession> {
  for (let turns = 0; turns < maxTurns; turns += 1) {
    const found = await readMark(path);
    if (found === undefined) {
      if (await createLockFile(path, candidate)) return [candidate.id];
      continue;
    }
    if (found.mark === undefined) throw found.kind ? foreignError(path, found.kind) : heldError(path, found.holder);

    const succession = await readSuccession(path, found.mark);
    const lifeSign = await stateOf(lastOf(succession), path);
    if (lifeSign === 'alive') throw heldError(path, 'process');
    if (lifeSign === 'missing') {
      if (await isUnchanged(path, succession)) throw heldError(path, 'unknown');
      continue;
    }
    assertRemovable(path, found.uid);
    if (await succeed(path, succession, candidate)) return shorten(path, [...succession, candidate.id]);
  }
  throw heldError(path, 'process');
}

/** If it is not known whether the holder lives, it counts as alive: its lock is never taken from it. */
async function stateOf(id: string, path: string): Promise<'alive' | 'dead' | 'missing'> {
  const lifeSign = await findLifeSign(socketPath(path, id));
  if (lifeSign.kind === 'alive') lifeSign.connection.close();
  // No process can listen behind a link that leads to itself.
  if (lifeSign.kind === 'unclear') return codeOf(lifeSign.error) === 'ELOOP' ? 'missing' : 'alive';
  return lifeSign.kind;
}

/** Each further turn means that another process has just taken or released the lock. After so many turns, it counts as held. */
const maxTurns = 100;

/** Whether the lock file still belongs to these holders. */
export async function isStill(path: string, [maker]: Succession): Promise<boolean> {
  return (await readMark(path))?.mark === maker;
}

/**
 * Removes the lock file, unless it is gone or belongs to others: a forced update deletes it, and the Supervisor or another
 * holder may have created a new one since. Also removes the files beside it.
 */
export async function removeLockFile(path: string, succession: Succession): Promise<void> {
  if (await isStill(path, succession)) await removeIfStill(path, succession);
  for (const id of succession.slice(0, -1)) {
    await removeFile(successorPath(path, id));
    await removeFile(socketPath(path, id));
  }
}

/**
 * Removes the lock file if it still belongs to these holders. A file can be replaced between the check and its removal, so
 * it is first moved aside, then checked, and put back if it belongs to others.
 */
export async function removeIfStill(path: string, succession: Succession): Promise<void> {
  const aside = `${path}.${lastOf(succession)}.old`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isGone(error)) return;
    throw error;
  }
  if (await isStill(aside, succession)) await removeFile(aside);
  else await putBack(aside, path);
}

/** If there is a newer one by now, that one stays. */
async function putBack(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (error) {
    // A folder cannot be linked, and a full disk has no room for a link.
    if (codeOf(error) !== 'EEXIST') return rename(aside, path);
  }
  await removeFile(aside);
}

/** Creates the lock file together with its mark, so that it never exists without. False if there is a lock file already. */
async function createLockFile(path: string, candidate: Candidate): Promise<boolean> {
  const prepared = `${path}.${candidate.id}.new`;
  const mark = `${JSON.stringify({ madeBy: '@serve.zone/balena-supervisor-client', holder: candidate.id })}\n`;
  try {
    await writeFile(prepared, mark, { flag: 'wx' });
    await chmod(prepared, 0o644);
    await candidate.live();
    await link(prepared, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await removeFile(prepared);
  }
}

type FoundLock =
  | { mark: string; uid: number }
  /** `kind`: what it is, if not a file. */
  | { mark: undefined; holder: UpdateLockHolder; kind?: string | undefined };

/** `undefined` if there is no lock file. */
async function readMark(path: string): Promise<FoundLock | undefined> {
  try {
    const stats = await lstat(path);
    if (stats.uid === supervisorUid) return { mark: undefined, holder: 'supervisor' };
    if (!stats.isFile()) return { mark: undefined, holder: 'unknown', kind: kindOf(stats) };
    const mark = /"holder":"([0-9a-f]{16})"/.exec(await readText(path))?.[1];
    return mark === undefined ? { mark, holder: 'unknown' } : { mark, uid: stats.uid };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a symbolic link';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** More than the longest mark needs. */
const maxMarkBytes = 1024;

/** If a pipe or a link has just replaced the file, does not wait for a writer and does not follow the link. */
const readFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Empty if the file is too long, not a file, or not readable by this user: everyone may read a lock of this package. */
async function readText(path: string): Promise<string> {
  try {
    const file = await open(path, readFlags);
    try {
      const stats = await file.stat();
      return stats.isFile() && stats.size <= maxMarkBytes ? await file.readFile('utf8') : '';
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = codeOf(error);
    // ELOOP: a link. ENXIO: a socket.
    if (code === 'EACCES' || code === 'ELOOP' || code === 'ENXIO') return '';
    throw error;
  }
}

async function isUnchanged(path: string, succession: Succession): Promise<boolean> {
  const found = await readMark(path);
  if (found?.mark !== succession[0]) return false;
  return (await readSuccession(path, found.mark)).join() === succession.join();
}

/**
 * Becomes the successor of the last holder. False if another process did, or if the lock was released or deleted meanwhile.
 * A holder removes the lock file before its links, and leads past a link before it removes that, so a process that is found
 * by way of the lock file after creating its link was in time.
 */
async function succeed(path: string, succession: Succession, candidate: Candidate): Promise<boolean> {
  const successor = successorPath(path, lastOf(succession));
  await candidate.live();
  try {
    await symlink(candidate.id, successor);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    const [maker] = succession;
    if ((await isStill(path, succession)) && lastOf(await readSuccession(path, maker)) === candidate.id) return true;
  } catch (error) {
    await removeFile(successor);
    throw error;
  }
  await removeFile(successor);
  return false;
}

/** A process must not take over a lock that it could not remove later. */
function assertRemovable(path: string, uid: number): void {
  const user = effectiveUid() ?? uid;
  if (user === 0 || user === uid) return;
  throw new UpdateLockError({
    code: 'not-permitted',
    path,
    message: `${path} was left behind by a process of user ${uid} that has died, and user ${user} may not remove it. Run the service as one user, or delete the file as root.`,
  });
}
