import { resolve } from 'node:path';

/**
 * The absolute path of a database. SQLite would read a text that starts with `file:` as a URI with parameters for opening the
 * file, and an empty text or `:memory:` as no file at all.
 *
 * @throws TypeError for a text that is not the path of a file.
 */
export function databasePath(path: string): string {
  if (path === '' || /^(?::|file:)/i.test(path)) {
    throw new TypeError(
      `path must be the path of a file, but is ${JSON.stringify(path)}; createMemoryStore() keeps a fleet without a file`,
    );
  }
  return resolve(path);
}
