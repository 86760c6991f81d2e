import { dirname } from 'node:path';
import type { FileStatus } from '../ports/file-system.js';
import { currentUser } from './current-user.js';
import type { Diagnosis, StorageScene } from './storage-scene.js';

/** What the code of the error says, where what is there has no fault of its own. */
export async function causeOfCode(scene: StorageScene): Promise<Diagnosis | undefined> {
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
const causes: Readonly<Record<string, ((scene: StorageScene) => Diagnosis) | undefined>> = {
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
  EFBIG: ({ syscall, blocked, statePath }) => {
    if (syscall !== 'read') return { code: 'file-size-limit' };
    return { code: blocked === statePath ? 'file-too-large' : 'large-file-in-the-way' };
  },
  ESPIPE: ({ blocked, statePath }) => ({ code: blocked === statePath ? 'not-a-file' : 'special-file-in-the-way' }),
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

function unsupported({ code, syscall = 'a call' }: StorageScene): Diagnosis {
  return { code: 'file-system-unsuitable', reason: `${syscall}: ${code}` };
}

/** The owner and the mode of a file show why this user is denied access. */
async function refused(scene: StorageScene, code: 'EACCES' | 'EPERM'): Promise<Diagnosis> {
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
