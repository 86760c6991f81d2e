/** The values in the message of a storage problem. */
export interface StoragePlace {
  /** The directory of the state file. */
  directory: string;
  /** The path that is in the way. */
  path: string;
  /** The part of a path that is missing or not accessible. */
  part: string;
  /** Where a symbolic link leads to. */
  target: string;
  /** The user of this process, in brackets, or nothing where it has none. */
  user: string;
  /** The user and the group of this process, as chown takes them. */
  ids: string;
  /** What the system said. */
  reason: string;
}

interface Words {
  message: string;
  remedy: string;
}

const correctPath = 'Correct BASEOS_STATE_PATH.';
const anyProcess = 'Find out which process uses them, and restart it.';

/** What can prevent the use of the state file, in words for the operator of the device. */
export const storageProblems = {
  'link-loop': ({ path }) => ({
    message: `The symbolic link ${path} leads back to itself.`,
    remedy: 'Remove it, or correct BASEOS_STATE_PATH.',
  }),
  'link-dangling': ({ path, target, part }) => ({
    message: `The symbolic link ${path} leads to ${target}, and ${part} is missing.`,
    remedy: 'Mount or create what it leads to, or remove the link.',
  }),
  'not-a-directory': ({ path, reason }) => ({
    message: `${path} is ${reason}, not a directory.`,
    remedy: correctPath,
  }),
  'path-broken': ({ directory, reason }) => ({
    message: `A part of the path ${directory} is not a directory (${reason}).`,
    remedy: correctPath,
  }),
  'directory-missing': ({ part, directory }) => ({
    message: `${part} is missing, and it cannot be created.`,
    remedy: `Mount a volume at ${directory}, or correct BASEOS_STATE_PATH.`,
  }),
  'directory-not-created': ({ part, user, directory, ids }) => ({
    message: `${part} is missing, and this process${user} is not allowed to create it.`,
    remedy: `As root, run: mkdir -p ${directory} && chown ${ids} ${directory}`,
  }),
  'state-is-directory': ({ path }) => ({
    message: `${path} is a directory.`,
    remedy: `Set BASEOS_STATE_PATH to a file in it, such as ${path}/state.json.`,
  }),
  'directory-in-the-way': ({ path }) => ({
    message: `${path} is a directory, but the agent needs a file of that name.`,
    remedy: 'Remove the directory.',
  }),
  'link-in-the-way': ({ path }) => ({
    message: `${path} is a symbolic link, but the agent needs a file of that name.`,
    remedy: 'Remove the link.',
  }),
  'special-file-in-the-way': ({ path }) => ({
    message: `${path} is a pipe, a socket or a device, but the agent needs a file of that name.`,
    remedy: 'Remove it.',
  }),
  'large-file-in-the-way': ({ path }) => ({
    message: `${path} is larger than 1 MiB, so the agent did not write it.`,
    remedy: 'Move it elsewhere.',
  }),
  'not-a-file': ({ path }) => ({
    message: `${path} is a pipe, a socket or a device, not a file.`,
    remedy: 'Remove it, or correct BASEOS_STATE_PATH.',
  }),
  'kernel-file-system': ({ directory }) => ({
    message: `${directory} is in a file system of the kernel, such as /proc or /sys, which keeps no files.`,
    remedy: correctPath,
  }),
  'read-only': ({ directory }) => ({
    message: `${directory} is on a read-only file system.`,
    remedy: 'Mount a writable volume there.',
  }),
  'disk-full': ({ directory }) => ({
    message: `The disk of ${directory} is full.`,
    remedy: 'Free some space; a few kilobytes are enough.',
  }),
  'no-inodes': ({ directory }) => ({
    message: `The disk of ${directory} can hold no more files: it has no inodes left.`,
    remedy: 'Remove files that are no longer needed, even small ones; two are enough.',
  }),
  'quota-used-up': ({ directory, user }) => ({
    message: `The disk quota of this user${user} is used up at ${directory}.`,
    remedy: 'Raise the quota, or free some space; a few kilobytes are enough.',
  }),
  'mount-in-the-way': ({ path, directory }) => ({
    message: `${path} is a mount point, so it cannot be replaced.`,
    remedy: `Mount its directory ${directory} instead of the file.`,
  }),
  'other-file-system': ({ path, directory }) => ({
    message: `${path} is on another file system than ${directory}, so it cannot be replaced.`,
    remedy: `Mount the directory ${directory} instead of the file.`,
  }),
  'in-use': ({ path, reason }) => ({
    message: `${path} is in use by another program (${reason}).`,
    remedy: 'Find out which program uses it, and stop it.',
  }),
  'name-too-long': ({ path }) => ({
    message: `The path ${path}, or a name in it, is too long: a name can have 255 bytes, and the agent needs 20 of them.`,
    remedy: 'Shorten BASEOS_STATE_PATH.',
  }),
  'too-many-open-files': ({ directory, reason }) => ({
    message: `Too many files are open to use ${directory} (${reason}).`,
    remedy: anyProcess,
  }),
  'out-of-memory': ({ directory }) => ({
    message: `There is no memory left to use ${directory}.`,
    remedy: 'Find out which process uses it, and restart that process.',
  }),
  'disk-errors': ({ directory }) => ({
    message: `The disk of ${directory} reports errors.`,
    remedy: 'The disk may be failing; replace it.',
  }),
  'file-system-damaged': ({ directory }) => ({
    message: `The file system of ${directory} is damaged.`,
    remedy: 'Unmount it and repair it with fsck.',
  }),
  'disk-gone': ({ directory }) => ({
    message: `The disk of ${directory} is gone.`,
    remedy: 'Plug it in, or mount it again.',
  }),
  'file-server-silent': ({ directory, reason }) => ({
    message: `The file server behind ${directory} does not answer (${reason}).`,
    remedy: 'Check the server and the network, or mount the volume again.',
  }),
  'file-system-unsuitable': ({ directory, reason }) => ({
    message: `The file system of ${directory} does not support what the agent needs (${reason}).`,
    remedy: 'Mount a volume there with an ordinary file system, such as ext4.',
  }),
  'file-too-large': ({ path }) => ({
    message: `${path} is larger than 1 MiB, so it is not a state file of this agent.`,
    remedy: 'Move it elsewhere, or correct BASEOS_STATE_PATH.',
  }),
  'file-size-limit': () => ({
    message: 'This process is not allowed to write a file of even a few kilobytes (ulimit -f).',
    remedy: 'Raise that limit for the service and run it again.',
  }),
  'way-closed': ({ part, user, directory }) => ({
    message: `${part} is not accessible to this process${user}, so it cannot reach ${directory}.`,
    remedy: `As root, run: chmod o+x ${part}`,
  }),
  'other-owner': ({ directory, user, ids }) => ({
    message: `${directory} or a file in it does not belong to this process${user}.`,
    remedy:
      `As root, run: chown -R ${ids} ${directory} ` +
      `(on balenaOS, in a terminal of the host OS: chown -R ${ids} /var/lib/docker/volumes/*_baseos-data/_data)`,
  }),
  'closed-to-owner': ({ path, user }) => ({
    message: `${path} is not accessible even to its owner${user}.`,
    remedy: `Run: chmod u+rwX ${path}`,
  }),
  immutable: ({ path, directory }) => ({
    message: `${path === directory ? path : `${directory} or ${path}`} is marked as immutable or append-only.`,
    remedy: `As root, run: chattr -i -a ${path === directory ? path : `${directory} ${path}`}`,
  }),
  'refused-by-system': ({ directory, user, reason }) => ({
    message: `${directory} belongs to this user${user} and its mode allows access, but the system still denies it (${reason}).`,
    remedy: 'A security module such as AppArmor or SELinux may block it: allow access to the directory there.',
  }),
  'not-usable': ({ directory, reason }) => ({
    message: `${directory} cannot be used (${reason}).`,
    remedy: 'Mount another volume there, or correct BASEOS_STATE_PATH.',
  }),
} as const satisfies Readonly<Record<string, (place: Readonly<StoragePlace>) => Words>>;

export type StorageProblemCode = keyof typeof storageProblems;
