import { resolve } from 'node:path';

/**
 * The absolute path of a database. SQLite would take a text that starts with `file:` as a URI, whose parameters say how the
 * file is opened, and an empty one or `:memory:` as no file at all.
 *
 * @throws TypeError for what is no path of a file.
 */
export function databasePath(path: string): string {
  if (path === '' || /^(?::|file:)/i.test(path)) {
    throw new TypeError(
      `path must be the path of a file, but is ${JSON.stringify(path)}; createMemoryStore() keeps a fleet without a file`,
    );
  }
  return resolve(path);
}
