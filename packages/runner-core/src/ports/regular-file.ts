import { constants, type Stats } from 'node:fs';

/**
 * To read a file without waiting for it: a FIFO that took a file's place in the meantime is opened at once, and a terminal
 * does not become this process's.
 */
export const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** The same for a name at which other users can create something: a link there is not followed. */
export const openFlagsWithoutLinks = openFlags | (constants.O_NOFOLLOW ?? 0);

/**
 * Throws for anything but a regular file: a pipe gives nothing until another process writes, a device may never end or
 * have an effect when it is opened. A directory is `EISDIR` as everywhere, and anything else `EFTYPE` with a message
 * that says what it is.
 */
export function assertRegularFile(stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' });
  const kind = stats.isFIFO() ? 'a pipe' : stats.isSocket() ? 'a socket' : 'a device';
  throw Object.assign(new Error(`it is ${kind} and not a file`), { code: 'EFTYPE' });
}
