import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of its own in memory, mounted where a test needs one. */
export interface MountedFileSystem extends AsyncDisposable {
  path: string;
  makeReadOnly: () => Promise<void>;
  makeWritable: () => Promise<void>;
  /** Also called at the end of its scope; a second call does nothing. */
  unmount: () => Promise<void>;
}

/** Needs root, and a container that may mount. */
export async function mountFileSystem(path: string, sizeKib: number): Promise<MountedFileSystem> {
  await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeKib}k,mode=700`, 'tmpfs', path]);
  let isMounted = true;
  const unmount = async (): Promise<void> => {
    if (!isMounted) return;
    isMounted = false;
    // A process that was just killed may still be in it.
    await run('umount', ['--lazy', path]);
  };
  return {
    path,
    makeReadOnly: async () => void (await run('mount', ['-o', 'remount,ro', path])),
    makeWritable: async () => void (await run('mount', ['-o', 'remount,rw', path])),
    unmount,
    [Symbol.asyncDispose]: unmount,
  };
}

function tryToMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const path = mkdtempSync(join(tmpdir(), 'baseos-mount-'));
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

/** Also needs loop devices, which some containers lack. */
function tryToMountDisk(): boolean {
  if (!canMount) return false;
  const folder = mkdtempSync(join(tmpdir(), 'baseos-disk-'));
  const [image, disk] = [join(folder, 'image'), join(folder, 'disk')];
  try {
    mkdirSync(disk);
    execFileSync('mkfs.ext4', ['-q', image, '8m'], { stdio: 'ignore' });
    execFileSync('mount', ['-o', 'loop', image, disk], { stdio: 'ignore' });
    execFileSync('umount', [disk]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const canMountDisk = tryToMountDisk();

/** For the name of a test that cannot run without. */
export const unlessMountable = canMount ? '' : ' (needs root, in a container with CAP_SYS_ADMIN)';
