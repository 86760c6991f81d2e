import { existsSync, linkSync, renameSync } from 'node:fs';

type Link = typeof linkSync;

/**
 * Gives a file that is whole its name, and never replaces another one.
 *
 * @throws Node's error, with the code `EEXIST` where there is a file of that name.
 */
export function nameFile(path: string, name: string, link: Link = linkSync): void {
  try {
    link(path, name);
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    // Between the two another process may make such a file; there is nothing better without links.
    if (existsSync(name)) throw Object.assign(new Error(`EEXIST: file already exists, '${name}'`), { code: 'EEXIST' });
    renameSync(path, name);
  }
}

/** Of a file system without hard links, such as that of most USB sticks. */
function hasNoLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(String((error as NodeJS.ErrnoException).code));
}
