import { basename, dirname } from 'node:path';
import type { FileSystem } from '../ports/file-system.js';

/**
 * Closes the directory of the state file to other users, where it belongs to this one and holds nothing but what is the
 * agent's: a volume is often made for everyone to enter. It never fails, as each file is private on its own too.
 */
export async function makeDirectoryPrivate(fileSystem: FileSystem, statePath: string): Promise<void> {
  const directory = dirname(statePath);
  try {
    const { mode } = await fileSystem.status(directory);
    // One with a special bit, as /tmp has, serves others.
    if ((mode & 0o077) === 0 || (mode & 0o7000) !== 0) return;
    const names = await fileSystem.readDirectory(directory);
    if (names.every((name) => name.startsWith(basename(statePath)) || /^\.(?:bind|lock)-/.test(name))) {
      await fileSystem.makePrivate(directory);
    }
  } catch {
    // Then its permissions are not this process's to change.
  }
}
