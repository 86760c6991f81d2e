import { dirname } from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import { errorCode } from './error-code.js';
import { makeDirectories } from './make-directories.js';

const FILE_MODE = 0o600;

/**
 * Replaces a file so that after a crash at any moment it holds the old content or the new one, whole; the new one for
 * certain once this has resolved.
 *
 * @param beforeRename rejects if the file must not be replaced after all
 */
export async function writeDurably(
  fileSystem: FileSystem,
  path: string,
  bytes: Uint8Array,
  beforeRename?: () => Promise<void>,
): Promise<void> {
  const temporaryPath = `${path}.tmp`;
  // A crash may have left one behind, with any owner and mode.
  await removeIfPresent(fileSystem, temporaryPath);
  const file = await fileSystem.createFile(temporaryPath, FILE_MODE);
  try {
    try {
      await file.write(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await beforeRename?.();
    await fileSystem.rename(temporaryPath, path);
  } catch (error) {
    // On a full disk the half-written file would keep the space that is missing.
    await removeIfPresent(fileSystem, temporaryPath).catch(() => undefined);
    throw error;
  }
  await fileSystem.syncDirectory(dirname(path));
}

/** Makes a directory as {@link makeDirectories} does, so that it is still there after a crash. */
export async function ensureDirectory(fileSystem: FileSystem, path: string): Promise<void> {
  return makeDirectories(fileSystem, path, async (parent) => fileSystem.syncDirectory(parent));
}

async function removeIfPresent(fileSystem: FileSystem, path: string): Promise<void> {
  try {
    await fileSystem.removeFile(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
