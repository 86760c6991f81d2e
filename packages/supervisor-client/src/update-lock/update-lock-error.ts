/**
 * Why there is no lock, for an exhaustive `switch`:
 *
 * - `held`: somebody has it; `holder` says who
 * - `no-folder`: the folder of the lock file does not exist, so this is no container that a Supervisor started
 * - `not-permitted`: this process may not write there
 * - `read-only`: the file system is read-only
 * - `user-nobody`: the process runs as the user whose lock files the Supervisor takes for its own, and deletes
 * - `failed`: anything else that the file system refuses; the message has its code
 */
export type UpdateLockErrorCode = 'held' | 'no-folder' | 'not-permitted' | 'read-only' | 'user-nobody' | 'failed';

/**
 * Who has the lock:
 *
 * - `supervisor`: it is about to stop this service, or the device
 * - `process`: another process of this service that lives, in this container or in its successor or predecessor
 * - `unknown`: the file bears no mark of this package; somebody else made it
 */
export type UpdateLockHolder = 'supervisor' | 'process' | 'unknown';

const brand: unique symbol = Symbol.for('@serve.zone/balena-supervisor-client/UpdateLockError');

/** The one error of update locks. Its message says what to do. */
export class UpdateLockError extends Error {
  /** For logs; to recognise the error, use `isUpdateLockError`. */
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

  /** What `isUpdateLockError` looks for. */
  get [brand](): true {
    return true;
  }
}

/** Whether `error` is an UpdateLockError, also one of another copy of this package. */
export function isUpdateLockError(error: unknown): error is UpdateLockError {
  return typeof error === 'object' && error !== null && brand in error && error[brand] === true;
}

export function heldError(path: string, holder: UpdateLockHolder): UpdateLockError {
  return new UpdateLockError({ code: 'held', path, holder, message: `${path} ${heldWords[holder]}` });
}

/** What stands at the lock file's place is no lock of this package, nor of the Supervisor. */
export function foreignError(path: string, what: string): UpdateLockError {
  const message = `${path} is ${what}, which this package has not made. If nothing uses it any more, delete it and what stands beside it under its name.`;
  return new UpdateLockError({ code: 'held', path, holder: 'unknown', message });
}

const heldWords: Readonly<Record<UpdateLockHolder, string>> = {
  supervisor:
    'is held by the Supervisor, which is about to stop this service or the device. Let it, or wait by `waitMs`.',
  process: 'is held by another process of this service. Try again when that has released it, or wait by `waitMs`.',
  unknown:
    'was made by something that is not this package (a Supervisor before 13.1 is such), so whether it is still needed cannot be told. If nothing uses it any more, delete the file.',
};

/** An error of the file system in terms of what to do about it. */
export function toUpdateLockError(path: string, error: unknown): UpdateLockError {
  if (isForbiddenByRuntime(error)) {
    const message = `${path}: this program may not do what the lock takes. ${error.message}. (Deno: \`--allow-read\`, \`--allow-write\` and \`--allow-net\`.)`;
    return new UpdateLockError({ code: 'not-permitted', path, message, cause: error });
  }
  const errno = codeOf(error) ?? 'an unknown error';
  const code = errnoCodes[errno] ?? 'failed';
  const words = errnoWords[errno] ?? failureWords[code];
  return new UpdateLockError({ code, path, message: `${path}: ${words} (${errno})`, cause: error });
}

/** As Deno does it, for what it was not started with a permission for. */
function isForbiddenByRuntime(error: unknown): error is Error {
  return error instanceof Error && error.name === 'NotCapable';
}

/** Whether there is no such file, or no longer the folder that it was in. */
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

const full = 'the disk is full. Make room, and take the lock then.';

/** Where more can be said than of every error with the same code. */
const errnoWords: Readonly<Record<string, string>> = {
  ENOTDIR: 'what should be the folder is none. Correct `path`.',
  ELOOP: 'a symbolic link on the way to the folder leads to itself. Remove it, or correct `path`.',
  ENOSPC: full,
  EDQUOT: full,
};

const failureWords: Readonly<Record<Exclude<UpdateLockErrorCode, 'held'>, string>> = {
  'no-folder':
    'the folder does not exist. The Supervisor gives it to every container that it starts; elsewhere, give `path`.',
  'not-permitted':
    'this process may not write there. The folder belongs to root: take the lock as root, or have the entry point of the container `chmod 1777` the folder before it changes to another user.',
  'read-only': 'the file system is read-only. Mount the folder of the lock file so that it can be written to.',
  'user-nobody':
    'a process of user 65534 (nobody) cannot hold an update lock: the Supervisor takes the lock files of that user for its own, and deletes them. Run the service as another user.',
  failed: 'the lock file cannot be made or removed.',
};

export function nobodyError(path: string): UpdateLockError {
  return new UpdateLockError({ code: 'user-nobody', path, message: `${path}: ${failureWords['user-nobody']}` });
}
