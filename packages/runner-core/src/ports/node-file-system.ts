import { type BigIntStatsFs, constants, type Stats } from 'node:fs';
import { access, chmod, lstat, mkdir, open, readdir, readlink, rename, statfs, unlink } from 'node:fs/promises';
import type { FileStatus, FileSystem, VolumeFacts } from './file-system.js';
import { openFlagsWithoutLinks } from './regular-file.js';

const onWindows = process.platform === 'win32';
const onDeno = 'Deno' in globalThis;

/** The file system of the machine, on Node, Deno and Bun. */
export const nodeFileSystem: FileSystem = {
  readFile: async (path) => readRegularFile(path),
  readDirectory: async (path) => readdir(path),
  status: async (path) => {
    const stats = await lstat(path);
    return {
      kind: kindOf(stats),
      // Windows has no permission bits and reports that everyone may do everything.
      mode: stats.mode & (onWindows ? 0o700 : 0o7777),
      uid: onWindows ? undefined : stats.uid,
      mtimeMs: stats.mtimeMs,
    };
  },
  readLink: async (path) => readlink(path),
  volume: async (path) => statfs(path, { bigint: true }).then(volumeFacts, () => undefined),
  checkWritable: async (directory) => {
    // Deno's `access` wants --allow-sys, and without it throws an error that cannot be caught. There, only a write
    // shows it.
    if (!onDeno) await access(directory, constants.W_OK | constants.X_OK);
  },
  makePrivate: async (path) => {
    const stats = await lstat(path);
    // Root could change the files of another user, and would lock that user out.
    if (stats.uid !== process.getuid?.()) {
      throw Object.assign(new Error('It belongs to another user'), { code: 'EPERM' });
    }
    if (stats.isDirectory()) await chmod(path, 0o700);
    // For a link, it would change the target.
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
      // Some network and FUSE file systems have no fsync for a directory; nothing more can be done there.
      if (!(error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'ENOTSUP')))
        throw error;
    } finally {
      await handle.close();
    }
  },
};

const readMaxBytes = 1024 * 1024;

async function readRegularFile(path: string): Promise<Uint8Array> {
  const handle = await open(path, openFlagsWithoutLinks);
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw systemError('EISDIR', path, 'It is a directory');
    if (!stats.isFile()) throw systemError('ESPIPE', path, 'It is not a file');
    if (stats.size > readMaxBytes) throw systemError('EFBIG', path, `It has more than ${readMaxBytes} bytes`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function kindOf(stats: Stats): FileStatus['kind'] {
  if (stats.isSymbolicLink()) return 'link';
  return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other';
}

function volumeFacts({ type, blocks, bavail, bsize, files, ffree }: BigIntStatsFs): VolumeFacts {
  return {
    // Elsewhere the numbers mean something else. A system of 32 bits gives some of them as negative ones.
    linuxType: process.platform === 'linux' ? Number(BigInt.asUintN(32, type)) : undefined,
    freeBytes: blocks === 0n ? undefined : Number(bavail * bsize),
    freeFiles: files === 0n ? undefined : Number(ffree),
  };
}

function systemError(code: string, path: string, message: string): Error {
  return Object.assign(new Error(message), { code, path, syscall: 'read' });
}
