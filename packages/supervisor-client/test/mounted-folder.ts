import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface MountedFolder {
  path: string;
  makeReadOnly(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Mounts a file system in memory, of one page of data, on a folder. Takes root, and a container that lets it mount. */
export async function mountSmall(path: string): Promise<MountedFolder> {
  await run('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', path]);
  return {
    path,
    makeReadOnly: async () => void (await run('mount', ['-o', 'remount,ro', path])),
    [Symbol.asyncDispose]: async () => void (await run('umount', ['--lazy', path])),
  };
}

function tryToMount(): boolean {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return false;
  const path = mkdtempSync(join(tmpdir(), 'update-lock-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', path], { stdio: 'ignore' });
    execFileSync('umount', [path]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(path);
  }
}

export const canMount = tryToMount();

/** For the name of a test that cannot run without. */
export const unlessMountable = canMount ? '' : ' (needs root, in a container with CAP_SYS_ADMIN)';
