/**
 * Why there is no lock, for an exhaustive `switch`:
 *
 * - `held`: something else has the lock; `holder` says what
 * - `no-folder`: the folder of the lock file does not exist, so no Supervisor started this container
 * - `not-permitted`: this process may not write there
 * - `read-only`: the file system is read-only
 * - `user-nobody`: the process runs as the user whose lock files the Supervisor treats as its own and deletes
 * - `failed`: another error of the file system; the message has its code
 */
export type UpdateLockErrorCode = 'held' | 'no-folder' | 'not-permitted' | 'read-only' | 'user-nobody' | 'failed';

/**
 * Who has the lock:
 *
 * - `supervisor`: it is about to stop this service, or the device
 * - `process`: another running process of this service, in this container, the one before it or the one after it
 * - `unknown`: the file does not have the mark of this package; something else created it
 */
export type UpdateLockHolder = 'supervisor' | 'process' | 'unknown';

const brand: unique symbol = Symbol.for('@serve.zone/balena-supervisor-client/UpdateLockError');

/** The error of update locks. Its message says what to do. */
export class UpdateLockError extends Error {
  /** For logs. Use `isUpdateLockError` to recognise the error. */
  override readonly name = 'UpdateLockError';
  /** Why there is no lock. */
  readonly code: UpdateLockErrorCode;
  /** The lock file. */
  readonly path: string;
  /** Only with code `held`. */
  declare readonly holder?: UpdateLockHolder;

  constructor(details: {
    code: UpdateLockErrorCode;
    path: string;
    message: string;
    holder?: UpdateLockHolder | undefined;
    cause?: unknown;
  }) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.path = details.path;
    if (details.holder !== undefined) this.holder = details.holder;
  }

  /** Marks the error for `isUpdateLockError`. */
  get [brand](): true {
    return true;
  }
}

/** Whether `error` is an UpdateLockError, even one from another copy of this package. */
export function isUpdateLockError(error: unknown): error is UpdateLockError {
  return typeof error === 'object' && error !== null && brand in error && error[brand] === true;
}

export function heldError(path: string, holder: UpdateLockHolder): UpdateLockError {
  return new UpdateLockError({ code: 'held', path, holder, message: `${path} ${heldWords[holder]}` });
}

/** The file in place of the lock file is neither a lock of this package nor one of the Supervisor. */
export function foreignError(path: string, what: string): UpdateLockError {
  const message = `${path} is ${what}, which this package did not create. If nothing uses it any longer, delete it, and the files beside it whose names start with its name.`;
  return new UpdateLockError({ code: 'held', path, holder: 'unknown', message });
}

const heldWords: Readonly<Record<UpdateLockHolder, string>> = {
  supervisor:
    'is held by the Supervisor, which is about to stop this service or the device. Let it do so, or set `waitMs` to wait.',
  process:
    'is held by another process of this service. Try again when that process has released it, or set `waitMs` to wait.',
  unknown:
    'was created by something other than this package (such as a Supervisor before 13.1), so it is not known whether it is still needed. If nothing uses it any longer, delete the file.',
};

/** Makes an error that says what to do of an error of the file system. */
export function toUpdateLockError(path: string, error: unknown): UpdateLockError {
  if (isForbiddenByRuntime(error)) {
    const message = `${path}: this program lacks a permission that the lock needs. ${error.message}. (Deno: \`--allow-read\`, \`--allow-write\` and \`--allow-net\`.)`;
    return new UpdateLockError({ code: 'not-permitted', path, message, cause: error });
  }
  const errno = codeOf(error) ?? 'an unknown error';
  const code = errnoCodes[errno] ?? 'failed';
  const words = errnoWords[errno] ?? failureWords[code];
  return new UpdateLockError({ code, path, message: `${path}: ${words} (${errno})`, cause: error });
}

/** Deno's error for an operation without permission. */
function isForbiddenByRuntime(error: unknown): error is Error {
  return error instanceof Error && error.name === 'NotCapable';
}

/** Whether the file, or the folder it was in, does not exist. */
export function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

const errnoCodes: Readonly<Record<string, Exclude<UpdateLockErrorCode, 'held'>>> = {
  ENOENT: 'no-folder',
  ENOTDIR: 'no-folder',
  ELOOP: 'no-folder',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  EROFS: 'read-only',
};

const full = 'the disk is full. Free some space, then take the lock.';

/** Where there is more to say than for other errors with the same code. */
const errnoWords: Readonly<Record<string, string>> = {
  ENOTDIR: 'part of the path is not a folder. Correct `path`.',
  ELOOP: 'a symbolic link in the path points to itself. Remove it, or correct `path`.',
  ENOSPC: full,
  EDQUOT: full,
};

const failureWords: Readonly<Record<Exclude<UpdateLockErrorCode, 'held'>, string>> = {
  'no-folder':
    'the folder does not exist. The Supervisor mounts it into every container that it starts; elsewhere, set `path`.',
  'not-permitted':
    'this process may not write there. The folder belongs to root: take the lock as root, or run `chmod 1777` on the folder in the entry point of the container, before it switches to another user.',
  'read-only': 'the file system is read-only. Mount the folder of the lock file as writable.',
  'user-nobody':
    'a process of user 65534 (nobody) cannot hold an update lock: the Supervisor treats the lock files of that user as its own and deletes them. Run the service as another user.',
  failed: 'the lock file could not be created or removed.',
};

export function nobodyError(path: string): UpdateLockError {
  return new UpdateLockError({ code: 'user-nobody', path, message: `${path}: ${failureWords['user-nobody']}` });
}
