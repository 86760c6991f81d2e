import { readFile, rm, writeFile } from 'node:fs/promises';

/**
 * Where a server on this data can be reached, for commands that run beside it. After a crash it is where the last one was.
 *
 * @returns `undefined` if no server has left its address.
 */
export async function readServerAddress(databasePath: string): Promise<string | undefined> {
  try {
    return (await readFile(addressFile(databasePath), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function leaveServerAddress(databasePath: string, url: string): Promise<void> {
  await writeFile(addressFile(databasePath), `${url}\n`);
}

/** Unless another server has left its own by now. */
export async function removeServerAddress(databasePath: string, url: string): Promise<void> {
  if ((await readServerAddress(databasePath)) === url) await rm(addressFile(databasePath), { force: true });
}

function addressFile(databasePath: string): string {
  return `${databasePath}.address`;
}
