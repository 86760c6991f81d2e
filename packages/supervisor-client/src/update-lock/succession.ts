import { readlink, rename, symlink } from 'node:fs/promises';
import { removeFile, socketPath } from './own-life-sign.js';
import { codeOf, foreignError, isGone } from './update-lock-error.js';

/**
 * Each holder has a random ID. Beside the lock file of a service are, for each holder:
 *
 * - `<lock file>.<ID>`: the socket that the holder listens on for as long as it lives
 * - `<lock file>.<ID>.next`: after it has died, a symbolic link with the ID of its successor
 *
 * The lock file contains the ID of the holder that created it. The lock belongs to the last holder in the chain of links.
 * A process takes the lock over by creating the next link. Only one of several processes can succeed, and the lock file
 * stays in place, so the Supervisor never finds it missing.
 */
export function successorPath(path: string, id: string): string {
  return `${path}.${id}.next`;
}

/** The IDs of all holders in order, from the one that created the file to the one that has the lock now. */
export type Succession = readonly [maker: string, ...successors: string[]];

export function lastOf(succession: Succession): string {
  return succession.at(-1) ?? succession[0];
}

/** Throws `held` for links that no holder created. */
export async function readSuccession(path: string, maker: string): Promise<Succession> {
  const succession: [string, ...string[]] = [maker];
  for (let id = await readSuccessor(path, maker); id !== undefined; id = await readSuccessor(path, id)) {
    if (succession.includes(id)) throw foreignError(path, 'followed by links that lead in a circle');
    succession.push(id);
  }
  return succession;
}

async function readSuccessor(path: string, id: string): Promise<string | undefined> {
  try {
    const successor = await readlink(successorPath(path, id));
    if (/^[0-9a-f]{16}$/.test(successor)) return successor;
  } catch (error) {
    if (isGone(error)) return undefined;
    if (codeOf(error) !== 'EINVAL') throw error;
  }
  throw foreignError(path, 'followed by a file that names no holder');
}

/**
 * The last holder lets the lock file lead to itself without those that came between, so that a lock that is never released
 * leaves no more behind with each crash. Their links are removed when nothing leads there any longer. A system that does not
 * allow it leaves the succession as it is.
 */
export async function shorten(path: string, succession: Succession): Promise<Succession> {
  const [maker, ...successors] = succession;
  const between = successors.slice(0, -1);
  const holder = lastOf(succession);
  try {
    await removeFile(socketPath(path, maker));
    if (between.length === 0) return succession;
    const prepared = `${successorPath(path, holder)}.new`;
    await symlink(holder, prepared);
    try {
      await rename(prepared, successorPath(path, maker));
    } catch (error) {
      await removeFile(prepared);
      throw error;
    }
  } catch {
    return succession;
  }
  for (const id of between) {
    await removeFile(socketPath(path, id)).catch(() => undefined);
    await removeFile(successorPath(path, id)).catch(() => undefined);
  }
  return [maker, holder];
}
