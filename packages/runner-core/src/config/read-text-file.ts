import { closeSync, openSync, readSync } from 'node:fs';

const MAX_BYTES = 64 * 1024;

/** The text of a small file, a pipe included; what goes beyond 64 KiB is left unread. */
export const readTextFile = (path: string): string => {
  const file = openSync(path, 'r');
  try {
    const buffer = new Uint8Array(MAX_BYTES);
    let length = 0;
    for (let count = -1; count !== 0 && length < MAX_BYTES; length += count) {
      count = readSync(file, buffer, length, MAX_BYTES - length, null);
    }
    return new TextDecoder().decode(buffer.subarray(0, length));
  } finally {
    closeSync(file);
  }
};
