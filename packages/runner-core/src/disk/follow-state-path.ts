import type { FileSystem } from '../ports/file-system.js';
import { walkPath } from './walk-path.js';

/**
 * Where the state file is that `BASEOS_STATE_PATH` names: what a symbolic link of that name leads to, and the path itself
 * otherwise. All files of the agent are beside it, so two agents that use different links find the same lock.
 *
 * A link to a file that is not there yet counts, where its directory is there. A link that leads nowhere is kept, and
 * the read fails with it.
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
