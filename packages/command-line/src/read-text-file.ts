import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

/** What a program is given as a file (a certificate, a key, a password) is far smaller. */
const MAX_BYTES = 1024 * 1024;

/**
 * The text of a small file that a flag or a variable names. Anything else fails at once with a message that names the
 * path: a pipe gives nothing until another process writes, a device may never end, and a start that waits for either
 * would hang.
 */
export function readTextFile(path: string): string {
  assertFile(statSync(path), path);
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
  try {
    const stats = fstatSync(file);
    assertFile(stats, path);
    if (stats.size > MAX_BYTES) throw new Error(`${path} is too large: it has more than 1 MiB`);
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (let count = -1; count !== 0 && length < buffer.length; length += count) {
      count = readSync(file, buffer, length, buffer.length - length, null);
    }
    if (length > MAX_BYTES) throw new Error(`${path} is too large: it has more than 1 MiB`);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

function assertFile(stats: Stats, path: string): void {
  if (stats.isFile()) return;
  const kinds = [
    [stats.isDirectory(), 'a directory'],
    [stats.isFIFO(), 'a pipe'],
    [stats.isSocket(), 'a socket'],
  ] as const;
  throw new Error(`${path} is ${kinds.find(([is]) => is)?.[1] ?? 'a device'} and not a file`);
}
