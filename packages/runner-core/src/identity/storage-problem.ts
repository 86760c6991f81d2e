import { dirname } from 'node:path';

/** The `code` of a file-system error, such as `ENOENT`. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** What stands in the way of the state file, and what to do about it, in a sentence without a full stop. */
export const storageProblem = (error: unknown, statePath: string): string => {
  const directory = dirname(statePath);
  const code = errorCode(error);
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `${directory} or a file in it does not belong to this process${owner()}. ${ownershipFix(directory)}`;
    case 'EROFS':
      return `${directory} is on a read-only file system. Mount a volume there that can be written`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk of ${directory} is full. Free some space; a few kilobytes are enough`;
    case 'ENOTDIR':
      return `a part of the path ${directory} is a file and no directory. Correct BASEOS_STATE_PATH`;
    case 'EISDIR':
      return `${statePath} is a directory. BASEOS_STATE_PATH has to name a file in it, such as ${statePath}/state.json`;
    case 'EFTYPE':
      return `${statePath} cannot be read: ${(error as Error).message}. Remove it, or correct BASEOS_STATE_PATH`;
    case 'EMFILE':
    case 'ENFILE':
      return `too many files are open to use ${directory} (${code}). Find out by which process, and restart that one`;
    case 'EIO':
      return `the disk of ${directory} reports errors. It may be failing; replace it`;
    default:
      return `${directory} cannot be used (${code ?? (error instanceof Error ? error.message : 'unknown reason')})`;
  }
};

/** Whether a file-system error is a refusal of this user. */
export const isDenied = (error: unknown): boolean => ['EACCES', 'EPERM'].includes(errorCode(error) ?? '');

/**
 * For one who only looks: whose a path is that this user was denied, and what to do, in a sentence. It never says to take
 * it from its owner, who may be the agent at work. `undefined` where it is this user's own, or nobody's.
 *
 * @param owner `hidden` where this user may not even see it.
 */
export const ownedByAnother = (path: string, owner: number | 'hidden' | undefined): string | undefined => {
  const reader = effectiveUser();
  if (owner === undefined || owner === reader) return undefined;
  const asker = reader === undefined ? 'not to this user' : `not to user ${reader}`;
  return owner === 'hidden'
    ? `${path} is not open to this user: run status as the user that the agent runs as.`
    : `${path} belongs to user ${owner}, ${asker}: run status as user ${owner}.`;
};

const ownershipFix = (directory: string): string => {
  const user = currentUser();
  const ids = user ? `${user.uid}:${user.gid}` : 'UID:GID';
  return (
    `As root, run: chown -R ${ids} ${directory} ` +
    `(on balenaOS, in a terminal of the host OS: chown -R ${ids} /var/lib/docker/volumes/*_baseos-data/_data)`
  );
};

const owner = (): string => {
  const user = currentUser();
  return user ? ` (user ${user.uid}, group ${user.gid})` : '';
};

/** By whose rights files are used; unknown as below. */
const effectiveUser = (): number | undefined => {
  try {
    return process.geteuid?.();
  } catch {
    return undefined;
  }
};

/** Unknown on Windows, and where Deno may not ask. */
const currentUser = (): { uid: number; gid: number } | undefined => {
  try {
    const uid = process.getuid?.();
    const gid = process.getgid?.();
    return uid === undefined || gid === undefined ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
};
