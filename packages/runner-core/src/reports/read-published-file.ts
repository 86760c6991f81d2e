import { lstat, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { isDenied } from '../disk/is-denied.js';
import { openFlagsWithoutLinks } from '../ports/regular-file.js';

export type PublishedFile =
  | { kind: 'text'; text: string }
  /** Of a user who is neither this one, nor root, nor the owner of the state directory: anybody may have put it there. */
  | { kind: 'foreign'; uid: number }
  /** It is there and this user may not read it. */
  | { kind: 'unreadable' }
  | { kind: 'none' };

/** More than an agent writes into any of its files. */
const FILE_MAX_BYTES = 4 * 1024 * 1024;

/**
 * A file that an agent writes at a name that others can predict. What is no regular file is none of an agent's: a link is
 * not followed, and nothing waits for the writer of a pipe. It never throws.
 */
export async function readPublishedFile(path: string, statePath: string | undefined): Promise<PublishedFile> {
  try {
    const handle = await open(path, openFlagsWithoutLinks);
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > FILE_MAX_BYTES) return { kind: 'none' };
      if (!(await isAgents(stats.uid, statePath))) return { kind: 'foreign', uid: stats.uid };
      return { kind: 'text', text: await handle.readFile('utf8') };
    } finally {
      await handle.close();
    }
  } catch (error) {
    return isDenied(error) ? { kind: 'unreadable' } : { kind: 'none' };
  }
}

async function isAgents(uid: number, statePath: string | undefined): Promise<boolean> {
  const ownUid = process.getuid?.();
  if (ownUid === undefined || uid === ownUid || uid === 0) return true;
  if (statePath === undefined) return false;
  const owner = await lstat(dirname(statePath)).catch(() => undefined);
  return owner?.uid === uid;
}
