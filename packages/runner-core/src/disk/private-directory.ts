import { basename, dirname } from 'node:path';
import { isRecordFile } from '../config/agent-files.js';
import type { FileSystem } from '../ports/file-system.js';

/**
 * Makes the directory of the state file private if it belongs to this user and contains only files of the agent:
 * volumes are often created with access for everyone. It never fails, because each file is also private on its own.
 */
export async function makeDirectoryPrivate(fileSystem: FileSystem, statePath: string): Promise<void> {
  const directory = dirname(statePath);
  try {
    const { mode } = await fileSystem.status(directory);
    // One with a special bit, as /tmp has, serves others.
    if ((mode & 0o077) === 0 || (mode & 0o7000) !== 0) return;
    const names = await fileSystem.readDirectory(directory);
    const isOfAgent = (name: string) =>
      name.startsWith(basename(statePath)) || /^\.(?:bind|lock)-/.test(name) || isRecordFile(name);
    if (names.every(isOfAgent)) {
      await fileSystem.makePrivate(directory);
    }
  } catch {
    // Then this process must not change its permissions.
  }
}
