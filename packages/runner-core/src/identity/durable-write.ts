import { dirname } from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import { errorCode } from './error-code.js';
import { walkPath } from './walk-path.js';

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/**
 * Replaces a file so that after a crash at any moment it holds the old content or the new one, whole; the new one for
 * certain once this has resolved.
 */
export const writeDurably = async (fileSystem: FileSystem, path: string, bytes: Uint8Array): Promise<void> => {
  const temporaryPath = `${path}.tmp`;
  // One that a crash left behind; its owner and mode may be anything.
  await removeIfPresent(fileSystem, temporaryPath);
  const file = await fileSystem.createFile(temporaryPath, FILE_MODE);
  try {
    try {
      await file.write(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await fileSystem.rename(temporaryPath, path);
  } catch (error) {
    // On a full disk the half-written file would keep the space that is missing.
    await removeIfPresent(fileSystem, temporaryPath).catch(() => undefined);
    throw error;
  }
  await fileSystem.syncDirectory(dirname(path));
};

/**
 * Makes a directory and those above it, as far as they are missing; those it makes are for this user alone. Each is tried
 * once, whatever the system says of the one above.
 */
export const ensureDirectory = async (fileSystem: FileSystem, path: string): Promise<void> => {
  const parent = dirname(path);
  try {
    await fileSystem.makeDirectory(path, DIRECTORY_MODE);
  } catch (error) {
    // Where the parent cannot be written, a directory that is there already is all that matters.
    if (await isDirectory(fileSystem, path)) return;
    if (errorCode(error) !== 'ENOENT' || parent === path) throw error;
    await ensureDirectory(fileSystem, parent);
    await makeOne(fileSystem, path);
  }
  await fileSystem.syncDirectory(parent);
};

const removeIfPresent = async (fileSystem: FileSystem, path: string): Promise<void> => {
  try {
    await fileSystem.removeFile(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
};

/** Another process may make it meanwhile. */
const makeOne = async (fileSystem: FileSystem, path: string): Promise<void> => {
  try {
    await fileSystem.makeDirectory(path, DIRECTORY_MODE);
  } catch (error) {
    if (!(await isDirectory(fileSystem, path))) throw error;
  }
};

/** Whether a directory is there, or a link to one. It never throws. */
export const isDirectory = async (fileSystem: FileSystem, path: string): Promise<boolean> => {
  const walked = await walkPath(fileSystem, path);
  return walked.kind === 'found' && walked.status.kind === 'directory';
};
