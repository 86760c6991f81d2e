import { open, stat } from 'node:fs/promises';
import { assertRegularFile, openFlags } from './regular-file.js';

/** The first bytes of a regular file, at most so many; it fails for anything else at once, without opening it. */
export const readRegularFile = async (path: string, maxBytes: number): Promise<Uint8Array> => {
  assertRegularFile(await stat(path));
  const file = await open(path, openFlags);
  try {
    const stats = await file.stat();
    assertRegularFile(stats);
    // Files of /proc are empty until they are read.
    let buffer = new Uint8Array(Math.min(maxBytes, Math.max(stats.size, 4095) + 1));
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (bytesRead === 0 || length === maxBytes) return buffer.subarray(0, length);
      if (length < buffer.length) continue;
      const larger = new Uint8Array(Math.min(maxBytes, buffer.length * 2));
      larger.set(buffer);
      buffer = larger;
    }
  } finally {
    await file.close();
  }
};
