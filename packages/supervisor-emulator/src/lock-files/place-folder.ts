import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder and its missing parents. Each is tried once: the `recursive` of Node.js never
 * ends below `/proc`.
 *
 * @throws Error of the file system if the folder cannot be created.
 */
export function makeFolder(path: string): void {
  try {
    makeOne(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    makeOne(path);
  }
}

function makeOne(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const isFolder = (error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(path).isDirectory();
    if (!isFolder) throw error;
  }
}

/** The name, made safe as the name of a single folder that cannot lead elsewhere. */
export function folderName(name: string): string {
  return /^\.{0,2}$/.test(name) ? `%${name}` : name.replaceAll(/[/\0%]/g, encodeURIComponent);
}
