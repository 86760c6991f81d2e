import { chmod, lstat, stat } from 'node:fs/promises';
import process from 'node:process';
import { makeDirectories } from './make-directories.js';
import { obstacleOnTheWay } from './obstacle-on-the-way.js';
import { walkPath } from './walk-path.js';
import { nodeFileSystem } from '../ports/node-file-system.js';

const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Makes a run directory, if there is none, and protects it from other users: its names are predictable, so the owner of
 * the directory, or of a link to it, could redirect what the agent writes. Throws an error whose message is a clause
 * that says why it cannot be used.
 */
export async function prepareRunDirectory(path: string): Promise<void> {
  try {
    await makeDirectories(nodeFileSystem, path);
  } catch (error) {
    const obstacle = obstacleOnTheWay(await walkPath(nodeFileSystem, path));
    throw obstacle === undefined ? error : new Error(obstacle);
  }
  const ownUid = process.getuid?.();
  // Windows has no owners in numbers.
  if (ownUid === undefined) return;
  const isTrusted = (uid: number): boolean => uid === ownUid || uid === 0;
  const link = await lstat(path);
  if (!isTrusted(link.uid)) throw new Error(`${path} belongs to user ${link.uid}, not to this one (${ownUid})`);
  const directory = await stat(path);
  if (!isTrusted(directory.uid)) {
    throw new Error(`${path} leads to a directory of user ${directory.uid}, not of this one (${ownUid})`);
  }
  const isOpenToOthers = (directory.mode & WRITABLE_BY_OTHERS) !== 0 && (directory.mode & STICKY) === 0;
  if (isOpenToOthers && directory.uid === ownUid) await chmod(path, directory.mode & 0o7777 & ~WRITABLE_BY_OTHERS);
}
