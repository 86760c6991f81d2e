import type { FileSystem } from '../ports/file-system.js';
import { walkPath } from './walk-path.js';

/**
 * Where the state file is that `BASEOS_STATE_PATH` names: what a symbolic link of that name leads to, and the path itself
 * otherwise. Everything of the agent's is beside it, so that two agents that come by different links meet at one lock.
 *
 * A link to a file that is not there yet counts, where its directory is there. One that leads nowhere stays what it is, for
 * the read to fail with.
 */
export async function followStatePath(fileSystem: FileSystem, statePath: string): Promise<string> {
  const kind = await fileSystem.status(statePath).then(
    (status) => status.kind,
    () => undefined,
  );
  if (kind !== 'link') return statePath;
  const walked = await walkPath(fileSystem, statePath);
  if (walked.kind === 'found') return walked.path;
  return walked.kind === 'missing' && walked.at === walked.path ? walked.path : statePath;
}
