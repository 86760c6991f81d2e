import { existsSync, linkSync, renameSync } from 'node:fs';

type Link = typeof linkSync;

/**
 * Gives a complete file its name, and never replaces another file.
 *
 * @throws Node's error, with the code `EEXIST` if there is a file of that name.
 */
export function nameFile(path: string, name: string, link: Link = linkSync): void {
  try {
    link(path, name);
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    // Another process may create such a file between the two. Without links there is no better way.
    if (existsSync(name)) throw Object.assign(new Error(`EEXIST: file already exists, '${name}'`), { code: 'EEXIST' });
    renameSync(path, name);
  }
}

/** From a file system without hard links, as most USB sticks have. */
function hasNoLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(String((error as NodeJS.ErrnoException).code));
}
