import { dirname } from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import type { Problem } from '../values/problem.js';
import { causeOfCode } from './cause-of-code.js';
import { currentUser } from './current-user.js';
import { failedCall } from './failed-call.js';
import { type StoragePlace, type StorageProblemCode, storageProblems } from './storage-problems.js';
import type { Diagnosis, StorageScene } from './storage-scene.js';
import { walkPath } from './walk-path.js';
import { diagnoseWhatIsThere } from './what-is-there.js';

/** Why the state file cannot be used. */
export interface StorageProblem extends Problem {
  code: StorageProblemCode;
}

/**
 * What prevents the use of the state file, and what to do about it. The state of the disk is examined first, because
 * one error code has many causes. It never throws.
 *
 * @param place the state file; or, with `path`, the agent's file beside it that the error is about
 */
export async function storageProblem(
  fileSystem: FileSystem,
  error: unknown,
  place: string | { path: string; statePath: string },
): Promise<StorageProblem> {
  const { path, statePath } = typeof place === 'string' ? { path: place, statePath: place } : place;
  const directory = dirname(path);
  const call = failedCall(error, path);
  const scene: StorageScene = {
    ...call,
    fileSystem,
    directory,
    statePath,
    walked: await walkPath(fileSystem, directory),
    file: await fileSystem.status(call.blocked).catch(() => undefined),
  };
  const { code, ...found } =
    (await diagnoseWhatIsThere(scene)) ?? (await causeOfCode(scene)) ?? unexplained(error, scene);
  return { code, ...storageProblems[code]({ ...placeOf(scene), ...found }) };
}

function placeOf({ directory, blocked, code = 'unknown reason' }: StorageScene): StoragePlace {
  const user = currentUser();
  return {
    directory,
    path: blocked,
    part: directory,
    target: directory,
    user: user ? ` (user ${user.uid}, group ${user.gid})` : '',
    ids: user ? `${user.uid}:${user.gid}` : 'UID:GID',
    reason: code,
  };
}

function unexplained(error: unknown, { code, syscall }: StorageScene): Diagnosis {
  const what = code ?? (error instanceof Error ? error.message : 'unknown reason');
  return { code: 'not-usable', reason: syscall === undefined ? what : `${syscall}: ${what}` };
}
