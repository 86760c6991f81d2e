import { chmod, lstat, stat } from 'node:fs/promises';
import process from 'node:process';
import { makeDirectories } from './make-directories.js';
import { type RunDirectoryProblem, runDirectoryProblem } from './run-directory-problems.js';
import { type WalkedPath, walkPath } from './walk-path.js';
import { nodeFileSystem } from '../ports/node-file-system.js';

const STICKY = 0o1000;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Makes a run directory, if there is none, and protects it from other users: its names are predictable, so the owner of
 * the directory, or of a link to it, could redirect what the agent writes. Returns why it must not be used.
 *
 * @throws the error of the system where that alone says why it cannot be used
 */
export async function prepareRunDirectory(path: string): Promise<RunDirectoryProblem | undefined> {
  try {
    await makeDirectories(nodeFileSystem, path);
  } catch (error) {
    const obstacle = obstacleOnTheWay(await walkPath(nodeFileSystem, path));
    if (obstacle === undefined) throw error;
    return obstacle;
  }
  const ownUid = process.getuid?.();
  // Windows has no owners in numbers.
  if (ownUid === undefined) return undefined;
  const isTrusted = (uid: number): boolean => uid === ownUid || uid === 0;
  const link = await lstat(path);
  const user = String(ownUid);
  if (!isTrusted(link.uid))
    return runDirectoryProblem('run-path-of-another-user', { path, owner: `${link.uid}`, user });
  const directory = await stat(path);
  if (!isTrusted(directory.uid)) {
    return runDirectoryProblem('run-path-leads-to-another-user', { path, owner: `${directory.uid}`, user });
  }
  const isOpenToOthers = (directory.mode & WRITABLE_BY_OTHERS) !== 0 && (directory.mode & STICKY) === 0;
  if (isOpenToOthers && directory.uid === ownUid) await chmod(path, directory.mode & 0o7777 & ~WRITABLE_BY_OTHERS);
  return undefined;
}

/**
 * Why a path does not lead to a directory; for most of these causes, the system reports only that a call failed.
 * `undefined` if it leads to a directory, or if it is only missing or not accessible to this user.
 */
function obstacleOnTheWay(walked: WalkedPath): RunDirectoryProblem | undefined {
  switch (walked.kind) {
    case 'loop':
      return runDirectoryProblem('run-path-link-loop', { path: walked.link });
    case 'no-directory':
      return noDirectory(walked.path, walked.what === 'file');
    case 'found':
      return walked.status.kind === 'directory' ? undefined : noDirectory(walked.path, walked.status.kind === 'file');
    case 'missing': {
      const { link, at: part } = walked;
      return link && runDirectoryProblem('run-path-link-dangling', { path: link.path, target: link.target, part });
    }
    default:
      return undefined;
  }
}

function noDirectory(path: string, isFile: boolean): RunDirectoryProblem {
  const reason = isFile ? 'a file' : 'a pipe, a socket or a device';
  return runDirectoryProblem('run-path-not-a-directory', { path, reason });
}
