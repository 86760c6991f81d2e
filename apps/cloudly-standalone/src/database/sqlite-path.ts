import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The SQLite file that `--data` means: itself if it is a file or has a file's name, else `cloudly.sqlite` in that folder. */
export function sqlitePath(data: string): string {
  const isFile = isFileThere(data) ?? /\.(db|sqlite3?)$/.test(data);
  return resolve(isFile ? data : join(data, 'cloudly.sqlite'));
}

/** Undefined if there is nothing, or nothing that this user may see: opening it then reports the problem. */
function isFileThere(path: string): boolean | undefined {
  try {
    return statSync(path).isFile();
  } catch {
    return undefined;
  }
}
