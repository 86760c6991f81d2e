import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

export interface ReadTextFileOptions {
  /** What a program is given as a file (a certificate, a key, a password) is far smaller than the default. @default 1 MiB */
  maxBytes?: number | undefined;
}

const MEBIBYTE = 1024 * 1024;

/**
 * The text of a small file that a flag or a variable names. Anything else fails at once with a message that names the
 * path: a pipe gives nothing until another process writes, a device may never end, and a start that waits for either
 * would hang.
 */
export function readTextFile(path: string, { maxBytes = MEBIBYTE }: ReadTextFileOptions = {}): string {
  assertFile(statSync(path), path);
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0));
  try {
    const stats = fstatSync(file);
    assertFile(stats, path);
    if (stats.size > maxBytes) throw tooLarge(path, maxBytes);
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (let count = -1; count !== 0 && length < buffer.length; length += count) {
      count = readSync(file, buffer, length, buffer.length - length, null);
    }
    if (length > maxBytes) throw tooLarge(path, maxBytes);
    return buffer.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

function tooLarge(path: string, maxBytes: number): Error {
  return new Error(`${path} is too large: it has more than ${maxBytes / MEBIBYTE} MiB`);
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
