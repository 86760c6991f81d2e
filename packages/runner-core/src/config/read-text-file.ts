import { closeSync, openSync, readSync } from 'node:fs';

/** The text of a small file, a pipe included; what goes beyond `maxBytes` is left unread. */
export const readTextFile = (path: string, maxBytes: number): string => {
  const file = openSync(path, 'r');
  try {
    const buffer = new Uint8Array(maxBytes);
    let length = 0;
    for (let count = -1; count !== 0 && length < maxBytes; length += count) {
      count = readSync(file, buffer, length, maxBytes - length, null);
    }
    return new TextDecoder().decode(buffer.subarray(0, length));
  } finally {
    closeSync(file);
  }
};
