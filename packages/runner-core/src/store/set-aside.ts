import { basename, dirname, join } from 'node:path';
import type { FileSystem } from '../ports/file-system.js';
import type { IdentityNotice } from '../identity/identity-store.js';

/** A reminder of the damaged files that the agent keeps beside its identity, which its log mentions only once. */
export async function setAsideNotices(fileSystem: FileSystem, statePath: string): Promise<IdentityNotice[]> {
  const directory = dirname(statePath);
  const prefix = `${basename(statePath)}.damaged-`;
  const names = await fileSystem.readDirectory(directory).catch(() => []);
  const damaged = names.filter((name) => name.startsWith(prefix)).toSorted();
  if (damaged.length === 0) return [];
  const described = await Promise.all(
    damaged.map(async (name) => {
      const { mtimeMs } = await fileSystem.status(join(directory, name)).catch(() => ({ mtimeMs: undefined }));
      return mtimeMs === undefined ? name : `${name} (last written ${new Date(mtimeMs).toISOString()})`;
    }),
  );
  return [
    {
      level: 'warn',
      code: 'kept-aside',
      message: `Damaged files of this node's identity are kept aside in ${directory}: ${described.join(', ')}.`,
      remedy: 'If a node was lost, look at them; then delete them. The agent no longer needs them.',
    },
  ];
}
