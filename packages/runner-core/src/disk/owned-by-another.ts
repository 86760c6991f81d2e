import type { Explanation } from '../values/problem.js';

/**
 * For a reader: the owner of a path to which this user has no access. It never advises to change the owner, which may
 * be the running agent. `undefined` if this user owns the path, or if there is no owner.
 *
 * @param owner `hidden` where this user may not even see it.
 */
export function ownedByAnother(path: string, owner: number | 'hidden' | undefined): Explanation | undefined {
  const reader = effectiveUser();
  if (owner === undefined || owner === reader) return undefined;
  const asker = reader === undefined ? 'not to this user' : `not to user ${reader}`;
  return owner === 'hidden'
    ? { message: `This user is not allowed to read ${path}.`, remedy: 'Run this command as the user of the agent.' }
    : { message: `${path} belongs to user ${owner}, ${asker}.`, remedy: `Run this command as user ${owner}.` };
}

/** The user whose rights apply to files; unknown on Windows, and where Deno may not ask. */
function effectiveUser(): number | undefined {
  try {
    return process.geteuid?.();
  } catch {
    return undefined;
  }
}
