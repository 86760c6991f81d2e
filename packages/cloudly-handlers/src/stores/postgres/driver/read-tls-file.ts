import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

const MAX_BYTES = 1024 * 1024;

/** The text of a small file. A pipe or a device, which may never end, is an error. */
export function readTlsFile(path: string): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Error(`${path} is not a file`);
    if (stats.size > MAX_BYTES) throw new Error(`${path} is too large: it has more than 1 MiB`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
