import { constants } from 'node:os';
import { dirname } from 'node:path';
import type { FileStatus, FileSystem } from '../ports/file-system.js';
import { errorCode } from './error-code.js';
import { volumeOf } from './impermanence.js';
import { obstacleOnTheWay } from './obstacle-on-the-way.js';
import { type WalkedPath, walkPath } from './walk-path.js';

/**
 * What stands in the way of the state file, and what to do about it, in a sentence without a full stop. What is to be seen
 * on the disk comes first, as one code has many causes; it never throws.
 *
 * @param path the state file, or the file of the agent's beside it that was to be read.
 */
export async function storageProblem(fileSystem: FileSystem, error: unknown, path: string): Promise<string> {
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
  return (
    noDirectoryThere(scene) ??
    (await kernelsOwn(scene)) ??
    (await obstacleAtTheFile(scene)) ??
    (await byCode(scene)) ??
    unexplained(error, scene)
  );
}

/** What a problem is judged by. */
interface Scene {
  fileSystem: FileSystem;
  directory: string;
  statePath: string;
  /** The file that the failed call was about, as far as the error tells. */
  blocked: string;
  /** The file that was to take its name. */
  moved: string | undefined;
  code: string | undefined;
  syscall: string | undefined;
  /** Where the path of the directory leads. */
  walked: WalkedPath;
  /** What is at `blocked`. */
  file: FileStatus | undefined;
}

/** The directory is none, or none that is there. */
function noDirectoryThere({ walked, directory, code }: Scene): string | undefined {
  const obstacle = obstacleOnTheWay(walked);
  if (obstacle !== undefined) return `${obstacle}. ${remedies[walked.kind] ?? 'Correct BASEOS_STATE_PATH'}`;
  if (walked.kind !== 'missing' || code !== 'ENOENT') return undefined;
  return `${walked.at} is missing, and ${dirname(walked.at)} takes no new directory. Mount a volume at ${directory}, or correct BASEOS_STATE_PATH`;
}

const remedies: Readonly<Partial<Record<WalkedPath['kind'], string>>> = {
  loop: 'Remove it, or correct BASEOS_STATE_PATH',
  missing: 'Mount or make what it leads to, or remove the link',
};

/** Something that is no file has the name of one. */
async function obstacleAtTheFile({ file, blocked, statePath, fileSystem, code }: Scene): Promise<string | undefined> {
  switch (file?.kind) {
    case 'directory':
      if (isAbove(blocked, statePath)) return undefined;
      return blocked === statePath
        ? `${blocked} is a directory. BASEOS_STATE_PATH has to name a file in it, such as ${blocked}/state.json`
        : `${blocked} is a directory, where the agent has a file of its own. Remove it`;
    case 'other':
      return `${blocked} is a pipe, a socket or a device and no file. Remove it, or correct BASEOS_STATE_PATH`;
    case 'link': {
      const walked = await walkPath(fileSystem, blocked);
      if (walked.kind === 'loop') return `the symbolic link ${walked.link} leads back to itself. Remove it`;
      if (walked.kind !== 'missing') return code === 'ELOOP' ? `${blocked} is a symbolic link. Remove it` : undefined;
      return `the symbolic link ${blocked} leads to ${walked.path}, and ${walked.at} is missing. Mount or make what it leads to, or remove the link`;
    }
    default:
      return code === 'EISDIR'
        ? `${statePath} is a directory. BASEOS_STATE_PATH has to name a file in it, such as ${statePath}/state.json`
        : undefined;
  }
}

function isAbove(directory: string, path: string): boolean {
  const parent = dirname(path);
  return parent === directory || (parent !== path && isAbove(directory, parent));
}

/** What the system says there, of marks and of owners, is about no disk. */
async function kernelsOwn({ fileSystem, directory }: Scene): Promise<string | undefined> {
  return kernelTypes.has((await volumeOf(fileSystem, directory))?.linuxType ?? 0)
    ? `${directory} is in a file system of the kernel, such as /proc or /sys, where no files are kept. Correct BASEOS_STATE_PATH`
    : undefined;
}

/** proc, sysfs, cgroup, cgroup2, devpts, debugfs and tracefs, as statfs(2) numbers them. */
const kernelTypes: ReadonlySet<number> = new Set([
  0x9f_a0, 0x62_65_65_72, 0x27_e0_eb, 0x63_67_72_70, 0x1c_d1, 0x64_62_67_20, 0x74_72_61_63,
]);

async function byCode(scene: Scene): Promise<string | undefined> {
  const { code, directory } = scene;
  if (code === 'EACCES' || code === 'EPERM') return refused(scene, code);
  if (code === 'ENOSPC') return noSpace(scene);
  return code === undefined
    ? undefined
    : (causes[code]?.(scene) ?? (networkCodes.has(code) ? noServer(directory, code) : undefined));
}

/** Of these a code has one cause. */
const causes: Readonly<Record<string, ((scene: Scene) => string) | undefined>> = {
  EROFS: ({ directory }) => `${directory} is on a read-only file system. Mount a volume there that can be written`,
  EDQUOT: ({ directory }) =>
    `the disk quota of this user${userInBrackets()} is used up at ${directory}. Raise it, or free some space; a few kilobytes are enough`,
  EBUSY: ({ blocked, moved, file, directory, syscall }) =>
    syscall === 'rename' || syscall === 'unlink'
      ? `${(file === undefined ? moved : undefined) ?? blocked} is a mount of its own, so it cannot be replaced. Mount its directory ${directory} instead of the file`
      : `${blocked} is in use by another program (EBUSY). Find out by which, and end it`,
  EXDEV: ({ blocked, directory }) =>
    `${blocked} is on another file system than ${directory}, so it cannot be replaced. Mount the directory instead of the file`,
  ENOTDIR: ({ directory }) => `a part of the path ${directory} is a file and no directory. Correct BASEOS_STATE_PATH`,
  ELOOP: ({ directory }) => `a symbolic link in the path ${directory} leads back to itself. Correct BASEOS_STATE_PATH`,
  ENAMETOOLONG: ({ statePath }) =>
    `the path ${statePath} is too long, or a name in it is: a name may have 255 bytes, of which the agent needs 20. Shorten BASEOS_STATE_PATH`,
  EMFILE: (scene) => tooManyFiles(scene),
  ENFILE: (scene) => tooManyFiles(scene),
  ENOMEM: ({ directory }) => `there is no memory left to use ${directory}. Find out what takes it, and restart that`,
  EIO: ({ directory }) => `the disk of ${directory} reports errors. It may be failing; replace it`,
  EUCLEAN: ({ directory }) => damagedFileSystem(directory),
  EBADMSG: ({ directory }) => damagedFileSystem(directory),
  ENODEV: ({ directory }) => goneDisk(directory),
  ENXIO: ({ directory }) => goneDisk(directory),
  ENOMEDIUM: ({ directory }) => goneDisk(directory),
  EFBIG: ({ blocked, syscall }) =>
    syscall === 'read'
      ? `${blocked} has more than 1 MiB, which is no state of this agent. Move it elsewhere, or correct BASEOS_STATE_PATH`
      : `this process may not write a file of even a few kilobytes (ulimit -f). Raise that limit of the service`,
  ESPIPE: ({ blocked }) =>
    `${blocked} is a pipe, a socket or a device and no file. Remove it, or correct BASEOS_STATE_PATH`,
  EINVAL: (scene) => unsupported(scene),
  ENOSYS: (scene) => unsupported(scene),
  ENOTSUP: (scene) => unsupported(scene),
  EOPNOTSUPP: (scene) => unsupported(scene),
};

/** What the client of a file server or of a FUSE program says that does not answer. */
const networkCodes: ReadonlySet<string> = new Set(
  'ESTALE ENOTCONN ETIMEDOUT EHOSTDOWN EHOSTUNREACH ENETUNREACH ECONNREFUSED ECONNRESET ECONNABORTED EREMOTEIO'.split(
    ' ',
  ),
);

function noServer(directory: string, code: string): string {
  return `the file server behind ${directory} does not answer (${code}). Check it and the network, or mount the volume anew`;
}

function damagedFileSystem(directory: string): string {
  return `the file system of ${directory} is damaged. Unmount it and repair it with fsck`;
}

function goneDisk(directory: string): string {
  return `the disk of ${directory} is gone. Plug it in again, or mount it anew`;
}

function tooManyFiles({ directory, code }: Scene): string {
  return `too many files are open to use ${directory} (${code}). Find out by which process, and restart that one`;
}

function unsupported({ directory, code, syscall = 'a call' }: Scene): string {
  return `the file system of ${directory} does not offer what the agent needs (${syscall}: ${code}). Mount a volume there that keeps files as a disk does`;
}

/** A disk may be full of files before it is full of bytes. */
async function noSpace({ fileSystem, directory }: Scene): Promise<string> {
  const volume = await fileSystem.volume(directory);
  return volume?.freeFiles === 0
    ? `the disk of ${directory} can hold no more files: it has no inodes left. Remove files that nobody needs, however small; two are enough`
    : `the disk of ${directory} is full. Free some space; a few kilobytes are enough`;
}

/** Whose a file is and what it allows tells why this user is refused. */
async function refused(scene: Scene, code: 'EACCES' | 'EPERM'): Promise<string> {
  const { fileSystem, directory, blocked, file, walked } = scene;
  const user = currentUser();
  if (walked.kind === 'missing') {
    const parent = dirname(walked.at);
    return `${walked.at} is missing, and this process${userInBrackets()} may not make it in ${parent}. As root, run: mkdir -p ${directory} && chown ${ids()} ${directory}`;
  }
  if (walked.kind === 'refused') {
    const closed = dirname(walked.path);
    return `${closed} is closed to this process${userInBrackets()}, so it cannot reach ${directory}. As root, run: chmod o+x ${closed}`;
  }
  const place = await fileSystem.status(directory).catch(() => undefined);
  const known = [place, file].filter((status) => status !== undefined);
  const isForeign = known.length === 0 || known.some(({ uid }) => uid === undefined || uid !== user?.uid);
  if (code === 'EPERM' && (user?.uid === 0 || !isForeign)) {
    const paths = file === undefined || blocked === directory ? directory : `${directory} ${blocked}`;
    return `${paths.replace(' ', ' or ')} is marked as immutable or append-only. As root, run: chattr -i -a ${paths}`;
  }
  if (isForeign)
    return `${directory} or a file in it does not belong to this process${userInBrackets()}. ${ownershipFix(directory)}`;
  const closed = isOpenToOwner(place, 0o700) ? (isOpenToOwner(file, 0o600) ? undefined : blocked) : directory;
  return closed === undefined
    ? `${directory} is this user's and open to it${userInBrackets()}, and the system still refuses it (${code}). A security module such as AppArmor or SELinux may stand in the way: allow it there`
    : `${closed} is closed even to its owner${userInBrackets()}. Run: chmod u+rwX ${closed}`;
}

function isOpenToOwner(status: FileStatus | undefined, needed: number): boolean {
  return status === undefined || (status.mode & needed) === needed;
}

function unexplained(error: unknown, { directory, syscall }: Scene): string {
  const what = codeOf(error) ?? (error instanceof Error ? error.message : 'unknown reason');
  return `${directory} cannot be used (${syscall === undefined ? what : `${syscall}: ${what}`}). Mount another volume there, or correct BASEOS_STATE_PATH`;
}

/** A rename is about what it was to replace. */
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
 * For one who only looks: whose a path is that this user was denied, and what to do, in a sentence. It never says to take
 * it from its owner, who may be the agent at work. `undefined` where it is this user's own, or nobody's.
 *
 * @param owner `hidden` where this user may not even see it.
 */
export function ownedByAnother(path: string, owner: number | 'hidden' | undefined): string | undefined {
  const reader = effectiveUser();
  if (owner === undefined || owner === reader) return undefined;
  const asker = reader === undefined ? 'not to this user' : `not to user ${reader}`;
  return owner === 'hidden'
    ? `${path} is not open to this user: run status as the user that the agent runs as.`
    : `${path} belongs to user ${owner}, ${asker}: run status as user ${owner}.`;
}

function ownershipFix(directory: string): string {
  return (
    `As root, run: chown -R ${ids()} ${directory} ` +
    `(on balenaOS, in a terminal of the host OS: chown -R ${ids()} /var/lib/docker/volumes/*_baseos-data/_data)`
  );
}

function ids(): string {
  const user = currentUser();
  return user ? `${user.uid}:${user.gid}` : 'UID:GID';
}

function userInBrackets(): string {
  const user = currentUser();
  return user ? ` (user ${user.uid}, group ${user.gid})` : '';
}

/** By whose rights files are used; unknown as below. */
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
