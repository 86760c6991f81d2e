import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, socketNames } from './directory-lock.js';

/** Whether an agent holds the directory, as far as this process can tell. It takes no lock, changes nothing and never throws. */
export const isDirectoryHeld = async (directory: string): Promise<boolean> => {
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter((each) => socketNames.test(each))) {
    const answer = await connect(join(directory, name));
    if (answer === 'busy') return true;
    if (typeof answer === 'string' || answer instanceof Error) continue;
    answer.destroy();
    return true;
  }
  return false;
};
