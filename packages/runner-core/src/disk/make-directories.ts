import { dirname } from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import { errorCode } from './error-code.js';
import { walkPath } from './walk-path.js';

const DIRECTORY_MODE = 0o700;

/**
 * Makes a directory and those above it, as far as they are missing; those it makes are for this user alone. Each is
 * tried once, whatever the system reports for its parent. The `recursive` of Node never ends below `/proc`, where the
 * system says of a directory that is there that it is not.
 *
 * @param onMade is given the directory in which one was made
 */
export async function makeDirectories(
  fileSystem: FileSystem,
  path: string,
  onMade?: (parent: string) => Promise<void>,
): Promise<void> {
  const parent = dirname(path);
  try {
    await fileSystem.makeDirectory(path, DIRECTORY_MODE);
  } catch (error) {
    // If the parent is not writable, it only matters that the directory exists.
    if (await isDirectory(fileSystem, path)) return;
    if (errorCode(error) !== 'ENOENT' || parent === path) throw error;
    await makeDirectories(fileSystem, parent, onMade);
    await makeOne(fileSystem, path);
  }
  await onMade?.(parent);
}

/** Another process may make it meanwhile. */
async function makeOne(fileSystem: FileSystem, path: string): Promise<void> {
  try {
    await fileSystem.makeDirectory(path, DIRECTORY_MODE);
  } catch (error) {
    if (!(await isDirectory(fileSystem, path))) throw error;
  }
}

/** Whether a directory is there, or a link to one. It never throws. */
export async function isDirectory(fileSystem: FileSystem, path: string): Promise<boolean> {
  const walked = await walkPath(fileSystem, path);
  return walked.kind === 'found' && walked.status.kind === 'directory';
}
