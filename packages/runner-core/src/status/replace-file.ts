import { renameSync, type Stats, statSync, lstatSync, unlinkSync, writeFileSync } from 'node:fs';
import { lstat, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { errorCode } from '../disk/error-code.js';

/** The calls by which the run directory is looked at and written. */
export interface PublishingCalls {
  lookAt(path: string): Stats | Promise<Stats>;
  follow(path: string): Stats | Promise<Stats>;
  /** Fails with `EEXIST` where there is something. */
  create(path: string, text: string): void | Promise<void>;
  rename(from: string, to: string): void | Promise<void>;
  remove(path: string): void | Promise<void>;
}

const newFile = { flag: 'wx', mode: 0o600 } as const;

/** In the background: a disk may hang. */
export const diskCalls: PublishingCalls = {
  lookAt: lstat,
  follow: stat,
  create: async (path, text) => writeFile(path, text, newFile),
  rename,
  remove: unlink,
};

/** At once: of what is in memory, each costs a tenth of what it takes to have it done in the background. */
export const memoryCalls: PublishingCalls = {
  lookAt: lstatSync,
  follow: statSync,
  create: (path, text) => writeFileSync(path, text, newFile),
  rename: renameSync,
  remove: unlinkSync,
};

/**
 * Replaces a file at once for every reader, or creates it. Anything at the temporary path, such as a link or a pipe, is
 * neither followed nor written to.
 */
export async function replaceFile(
  calls: PublishingCalls,
  { path, temporaryPath, text }: { path: string; temporaryPath: string; text: string },
): Promise<void> {
  try {
    await createAnew(calls, temporaryPath, text);
    await calls.rename(temporaryPath, path);
  } catch (error) {
    // Its name is never used again after a restart, and on a full disk it would keep the space that is missing.
    await removeIfThere(calls, temporaryPath).catch(() => undefined);
    throw error;
  }
}

async function createAnew(calls: PublishingCalls, path: string, text: string): Promise<void> {
  try {
    await calls.create(path, text);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    await calls.remove(path);
    await calls.create(path, text);
  }
}

async function removeIfThere(calls: PublishingCalls, path: string): Promise<void> {
  try {
    await calls.remove(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
