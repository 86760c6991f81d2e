import { constants } from 'node:os';
import { dirname } from 'node:path';
import type { FileStatus, FileSystem } from '../ports/file-system.js';
import type { Explanation, Problem } from '../values/problem.js';
import { errorCode } from './error-code.js';
import { volumeOf } from './impermanence.js';
import { type StoragePlace, type StorageProblemCode, storageProblems } from './storage-problems.js';
import { type WalkedPath, walkPath } from './walk-path.js';

/** Why the state file cannot be used. */
export interface StorageProblem extends Problem {
  code: StorageProblemCode;
}

/**
 * What prevents the use of the state file, and what to do about it. The state of the disk is examined first, because
 * one error code has many causes. It never throws.
 *
 * @param path the state file, or the agent's file beside it that should be read.
 */
export async function storageProblem(fileSystem: FileSystem, error: unknown, path: string): Promise<StorageProblem> {
  const directory = dirname(path);
  const blocked = blockedPath(error, path);
  const scene: Scene = {
    fileSystem,
    directory,
    blocked,
    moved: memberOf(error, 'dest') === undefined ? undefined : memberOf(error, 'path'),
    statePath: path,
    code: codeOf(error),
    syscall: memberOf(error, 'syscall'),
    walked: await walkPath(fileSystem, directory),
    file: await fileSystem.status(blocked).catch(() => undefined),
  };
  const { code, ...place } =
    noDirectoryThere(scene) ??
    (await kernelsOwn(scene)) ??
    (await obstacleAtTheFile(scene)) ??
    (await byCode(scene)) ??
    unexplained(error, scene);
  return { code, ...storageProblems[code]({ ...placeOf(scene), ...place }) };
}

/** Which problem it is, and the values of its message other than the place. */
type Diagnosis = Partial<StoragePlace> & { code: StorageProblemCode };

/** What a problem is judged by. */
interface Scene {
  fileSystem: FileSystem;
  directory: string;
  statePath: string;
  /** The file that the failed call was about, as far as the error tells. */
  blocked: string;
  /** The file that should have taken its name. */
  moved: string | undefined;
  code: string | undefined;
  syscall: string | undefined;
  /** Where the path of the directory leads. */
  walked: WalkedPath;
  /** What is at `blocked`. */
  file: FileStatus | undefined;
}

function placeOf({ directory, blocked, code = 'unknown reason' }: Scene): StoragePlace {
  const user = currentUser();
  return {
    directory,
    path: blocked,
    part: directory,
    target: directory,
    user: user ? ` (user ${user.uid}, group ${user.gid})` : '',
    ids: user ? `${user.uid}:${user.gid}` : 'UID:GID',
    reason: code,
  };
}

/** The path is not a directory, or does not exist. */
function noDirectoryThere({ walked, code }: Scene): Diagnosis | undefined {
  switch (walked.kind) {
    case 'loop':
      return { code: 'link-loop', path: walked.link };
    case 'no-directory':
      return noDirectory(walked.path, walked.what === 'file');
    case 'found':
      return walked.status.kind === 'directory' ? undefined : noDirectory(walked.path, walked.status.kind === 'file');
    case 'missing':
      if (walked.link) {
        return { code: 'link-dangling', path: walked.link.path, target: walked.link.target, part: walked.at };
      }
      return code === 'ENOENT' ? { code: 'directory-missing', part: walked.at } : undefined;
    default:
      return undefined;
  }
}

function noDirectory(path: string, isFile: boolean): Diagnosis {
  return { code: 'not-a-directory', path, reason: isFile ? 'a file' : 'a pipe, a socket or a device' };
}

/** Something other than a file has the name of a file. */
async function obstacleAtTheFile({
  file,
  blocked,
  statePath,
  fileSystem,
  code,
}: Scene): Promise<Diagnosis | undefined> {
  switch (file?.kind) {
    case 'directory':
      if (isAbove(blocked, statePath)) return undefined;
      return { code: blocked === statePath ? 'state-is-directory' : 'directory-in-the-way' };
    case 'other':
      return { code: 'not-a-file' };
    case 'link': {
      const walked = await walkPath(fileSystem, blocked);
      if (walked.kind === 'loop') return { code: 'link-loop', path: walked.link };
      if (walked.kind !== 'missing') return code === 'ELOOP' ? { code: 'link-in-the-way' } : undefined;
      return { code: 'link-dangling', target: walked.path, part: walked.at };
    }
    default:
      return code === 'EISDIR' ? { code: 'state-is-directory', path: statePath } : undefined;
  }
}

function isAbove(directory: string, path: string): boolean {
  const parent = dirname(path);
  return parent === directory || (parent !== path && isAbove(directory, parent));
}

/** What the system reports there about attributes and owners is not about a disk. */
async function kernelsOwn({ fileSystem, directory }: Scene): Promise<Diagnosis | undefined> {
  const isKernels = kernelTypes.has((await volumeOf(fileSystem, directory))?.linuxType ?? 0);
  return isKernels ? { code: 'kernel-file-system' } : undefined;
}

/** proc, sysfs, cgroup, cgroup2, devpts, debugfs and tracefs, as statfs(2) numbers them. */
const kernelTypes: ReadonlySet<number> = new Set([
  0x9f_a0, 0x62_65_65_72, 0x27_e0_eb, 0x63_67_72_70, 0x1c_d1, 0x64_62_67_20, 0x74_72_61_63,
]);

async function byCode(scene: Scene): Promise<Diagnosis | undefined> {
  const { code, fileSystem, directory } = scene;
  if (code === 'EACCES' || code === 'EPERM') return refused(scene, code);
  if (code === undefined) return undefined;
  // A disk may be full of files before it is full of bytes.
  if (code === 'ENOSPC') {
    return { code: (await fileSystem.volume(directory))?.freeFiles === 0 ? 'no-inodes' : 'disk-full' };
  }
  return causes[code]?.(scene) ?? (networkCodes.has(code) ? { code: 'file-server-silent' } : undefined);
}

/** Of these a code has one cause. */
const causes: Readonly<Record<string, ((scene: Scene) => Diagnosis) | undefined>> = {
  EROFS: () => ({ code: 'read-only' }),
  EDQUOT: () => ({ code: 'quota-used-up' }),
  EBUSY: ({ blocked, moved, file, syscall }) =>
    syscall === 'rename' || syscall === 'unlink'
      ? { code: 'mount-in-the-way', path: (file === undefined ? moved : undefined) ?? blocked }
      : { code: 'in-use' },
  EXDEV: () => ({ code: 'other-file-system' }),
  ENOTDIR: () => ({ code: 'path-broken' }),
  ELOOP: ({ directory }) => ({ code: 'link-loop', path: `in the path ${directory}` }),
  ENAMETOOLONG: ({ statePath }) => ({ code: 'name-too-long', path: statePath }),
  EMFILE: () => ({ code: 'too-many-open-files' }),
  ENFILE: () => ({ code: 'too-many-open-files' }),
  ENOMEM: () => ({ code: 'out-of-memory' }),
  EIO: () => ({ code: 'disk-errors' }),
  EUCLEAN: () => ({ code: 'file-system-damaged' }),
  EBADMSG: () => ({ code: 'file-system-damaged' }),
  ENODEV: () => ({ code: 'disk-gone' }),
  ENXIO: () => ({ code: 'disk-gone' }),
  ENOMEDIUM: () => ({ code: 'disk-gone' }),
  EFBIG: ({ syscall }) => ({ code: syscall === 'read' ? 'file-too-large' : 'file-size-limit' }),
  ESPIPE: () => ({ code: 'not-a-file' }),
  EINVAL: (scene) => unsupported(scene),
  ENOSYS: (scene) => unsupported(scene),
  ENOTSUP: (scene) => unsupported(scene),
  EOPNOTSUPP: (scene) => unsupported(scene),
};

/** The errors for a file server or a FUSE program that does not answer. */
const networkCodes: ReadonlySet<string> = new Set(
  'ESTALE ENOTCONN ETIMEDOUT EHOSTDOWN EHOSTUNREACH ENETUNREACH ECONNREFUSED ECONNRESET ECONNABORTED EREMOTEIO'.split(
    ' ',
  ),
);

function unsupported({ code, syscall = 'a call' }: Scene): Diagnosis {
  return { code: 'file-system-unsuitable', reason: `${syscall}: ${code}` };
}

/** The owner and the mode of a file show why this user is denied access. */
async function refused(scene: Scene, code: 'EACCES' | 'EPERM'): Promise<Diagnosis> {
  const { fileSystem, directory, blocked, file, walked } = scene;
  const user = currentUser();
  if (walked.kind === 'missing') return { code: 'directory-not-created', part: walked.at };
  if (walked.kind === 'refused') return { code: 'way-closed', part: dirname(walked.path) };
  const place = await fileSystem.status(directory).catch(() => undefined);
  const known = [place, file].filter((status) => status !== undefined);
  const isForeign = known.length === 0 || known.some(({ uid }) => uid === undefined || uid !== user?.uid);
  if (code === 'EPERM' && (user?.uid === 0 || !isForeign)) {
    return { code: 'immutable', path: file === undefined ? directory : blocked };
  }
  if (isForeign) return { code: 'other-owner' };
  if (!isOpenToOwner(place, 0o700)) return { code: 'closed-to-owner', path: directory };
  return isOpenToOwner(file, 0o600) ? { code: 'refused-by-system' } : { code: 'closed-to-owner' };
}

function isOpenToOwner(status: FileStatus | undefined, needed: number): boolean {
  return status === undefined || (status.mode & needed) === needed;
}

function unexplained(error: unknown, { syscall }: Scene): Diagnosis {
  const what = codeOf(error) ?? (error instanceof Error ? error.message : 'unknown reason');
  return { code: 'not-usable', reason: syscall === undefined ? what : `${syscall}: ${what}` };
}

/** A rename is about the file that it replaces. */
function blockedPath(error: unknown, path: string): string {
  return memberOf(error, 'dest') ?? memberOf(error, 'path') ?? path;
}

function memberOf(error: unknown, member: 'dest' | 'path' | 'syscall'): string | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, member) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** libuv has no name for some of the codes. */
function codeOf(error: unknown): string | undefined {
  const code = errorCode(error);
  if (code === undefined || !code.startsWith('Unknown system error')) return code;
  const number = Math.abs(Number(code.replace(/^\D*/, '')));
  return unnamedCodes.get(number) ?? Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? code;
}

const unnamedCodes: ReadonlyMap<number, string> = new Map([
  [117, 'EUCLEAN'],
  [121, 'EREMOTEIO'],
  [123, 'ENOMEDIUM'],
]);

/** Whether a file-system error is a refusal of this user. */
export function isDenied(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(errorCode(error) ?? '');
}

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

/** The user whose rights apply to files; unknown as below. */
function effectiveUser(): number | undefined {
  try {
    return process.geteuid?.();
  } catch {
    return undefined;
  }
}

/** Unknown on Windows, and where Deno may not ask. */
function currentUser(): { uid: number; gid: number } | undefined {
  try {
    const uid = process.getuid?.();
    const gid = process.getgid?.();
    return uid === undefined || gid === undefined ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
}
