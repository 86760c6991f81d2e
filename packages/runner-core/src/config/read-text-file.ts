import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { assertRegularFile, openFlags } from '../ports/regular-file.js';

/**
 * The text of a small file; what goes beyond `maxBytes` is left unread. It fails at once for anything but a regular
 * file: a start that waits for the writer of a pipe would never end.
 */
export function readTextFile(path: string, maxBytes: number): string {
  assertRegularFile(statSync(path));
  const file = openSync(path, openFlags);
  try {
    assertRegularFile(fstatSync(file));
    const buffer = new Uint8Array(maxBytes);
    let length = 0;
    for (let count = -1; count !== 0 && length < maxBytes; length += count) {
      count = readSync(file, buffer, length, maxBytes - length, null);
    }
    return new TextDecoder().decode(buffer.subarray(0, length));
  } finally {
    closeSync(file);
  }
}
