import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import type { FileSystem } from './file-system.js';
import { readRegularFile } from './read-regular-file.js';

const onWindows = process.platform === 'win32';
const onDeno = 'Deno' in globalThis;

/** No state is near that: what is larger is damaged, which its beginning tells. */
const READ_MAX_BYTES = 8 * 1024 * 1024;

/** The file system of the machine, on Node, Deno and Bun. */
export const nodeFileSystem: FileSystem = {
  readFile: async (path) => readRegularFile(path, READ_MAX_BYTES),
  readDirectory: async (path) => readdir(path),
  status: async (path) => {
    const stats = await lstat(path);
    return {
      kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other',
      // Windows has no permission bits and says that everyone may do everything.
      mode: stats.mode & (onWindows ? 0o700 : 0o7777),
      uid: onWindows ? undefined : stats.uid,
      mtimeMs: stats.mtimeMs,
    };
  },
  checkWritable: async (directory) => {
    // Deno's `access` wants --allow-sys, and without it throws where nobody can catch it; there a write will have to tell.
    if (!onDeno) await access(directory, constants.W_OK | constants.X_OK);
  },
  makePrivate: async (path) => {
    const stats = await lstat(path);
    // Root could change what is another user's, and would lock that one out.
    if (stats.uid !== process.getuid?.()) {
      throw Object.assign(new Error('It belongs to another user'), { code: 'EPERM' });
    }
    if (stats.isDirectory()) await chmod(path, 0o700);
    // Of a link, it would change what that leads to.
    else if (stats.isFile()) await chmod(path, stats.mode & 0o700);
  },
  makeDirectory: async (path, mode) => {
    await mkdir(path, { mode });
  },
  createFile: async (path, mode) => {
    const handle = await open(path, 'wx', mode);
    return {
      write: async (bytes) => handle.writeFile(bytes),
      sync: async () => handle.sync(),
      close: async () => handle.close(),
    };
  },
  rename: async (from, to) => rename(from, to),
  removeFile: async (path) => unlink(path),
  syncDirectory: async (path) => {
    // Windows cannot open a directory, and needs no such call.
    if (onWindows) return;
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } catch (error) {
      // Some network and FUSE file systems know no fsync of a directory; there is nothing more to do there.
      if (!(error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOTSUP')))
        throw error;
    } finally {
      await handle.close();
    }
  },
};
