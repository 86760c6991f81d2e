import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findHolder, socketNames } from './directory-lock.js';
import { nameOfDirectory, socketOfName } from './lock-by-name.js';

/**
 * Whether an agent holds the directory, or may hold it, as far as this process can determine. It takes no lock, changes
 * nothing and never throws.
 */
export async function isDirectoryHeld(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => []);
  const paths = names.filter((name) => socketNames.test(name)).map((name) => join(directory, name));
  const ofName = socketOfName(await nameOfDirectory(directory));
  for (const path of [...paths, ...(ofName === undefined ? [] : [ofName])]) {
    const answer = await findHolder(path);
    if (answer === 'busy' || answer === 'closed') return true;
    if (typeof answer === 'string' || answer instanceof Error) continue;
    answer.close();
    return true;
  }
  return false;
}
