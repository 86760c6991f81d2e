/**
 * What went wrong, for an exhaustive `switch`:
 *
 * - `not-configured`: the environment has no usable Supervisor address, or no app ID for a call that needs one; or `fetch`
 *   blocks the port of the address
 * - `api-key-missing`: the call needs a key, and none is set; nothing was sent
 * - `api-key-invalid`: the key contains characters that cannot be sent; nothing was sent
 * - `unreachable`: there was no connection, or it failed before the answer was complete
 * - `timeout`: there was no complete answer within the deadline
 * - `unauthorized`: the Supervisor rejected the key
 * - `out-of-scope`: the key is valid, but gives no access to this app
 * - `locked`: a lock prevents the call; `lock` says which
 * - `bad-request`: the Supervisor rejected the request as invalid
 * - `not-found`: an app, a service or another thing that the call names does not exist
 * - `not-supported`: this version of the Supervisor has no such endpoint
 * - `supervisor-error`: the Supervisor, or the engine behind it, failed
 * - `unexpected-response`: the answer is not one of a Supervisor
 */
export type SupervisorErrorCode =
  | 'not-configured'
  | 'api-key-missing'
  | 'api-key-invalid'
  | 'unreachable'
  | 'timeout'
  | 'unauthorized'
  | 'out-of-scope'
  | 'locked'
  | 'bad-request'
  | 'not-found'
  | 'not-supported'
  | 'supervisor-error'
  | 'unexpected-response';

/**
 * Who holds the lock:
 *
 * - `user-lock`: a service holds its update lock; `force` overrides it and deletes the service's lock file
 * - `supervisor-busy`: another operation of the Supervisor; wait: `force` does not help
 * - `host-update`: the host OS is being updated; wait, and do not force
 */
export type SupervisorLock = 'user-lock' | 'supervisor-busy' | 'host-update';

/** The parts of a SupervisorError. */
export interface SupervisorErrorDetails {
  /** What went wrong. */
  code: SupervisorErrorCode;
  /** What happened and what to do, without the key and the URL. */
  message: string;
  /** What happened, without the endpoint and the remedy. @default message */
  what?: string | undefined;
  /** What to do. */
  remedy?: string | undefined;
  /** Method and path. */
  endpoint?: string | undefined;
  /** The HTTP status, if there was an answer. */
  status?: number | undefined;
  /** With code `locked`. */
  lock?: SupervisorLock | undefined;
  /** @default false */
  retryable?: boolean | undefined;
}

const brand: unique symbol = Symbol.for('@serve.zone/balena-supervisor-client/SupervisorError');

/**
 * The error of every call. Its message says what happened and what to do. It contains no cause, no key and no URL, so you
 * can log it as it is.
 */
export class SupervisorError extends Error {
  /** For logs. Use `isSupervisorError` to recognise the error. */
  override readonly name = 'SupervisorError';
  /** What went wrong. */
  readonly code: SupervisorErrorCode;
  /** True if the same call may succeed later, and a retry cannot carry it out twice. */
  readonly retryable: boolean;
  /** What happened, without the endpoint and the remedy. */
  readonly what: string;
  /** What to do. */
  declare readonly remedy?: string;
  /** Method and path, as in `GET /v1/device`; absent if the error is not about an endpoint. */
  declare readonly endpoint?: string;
  /** The HTTP status, if there was an answer. */
  declare readonly status?: number;
  /** Only with code `locked`. */
  declare readonly lock?: SupervisorLock;

  constructor(details: SupervisorErrorDetails) {
    super(details.message);
    this.code = details.code;
    this.what = details.what ?? details.message;
    if (details.remedy !== undefined) this.remedy = details.remedy;
    this.retryable = details.retryable ?? false;
    if (details.endpoint !== undefined) this.endpoint = details.endpoint;
    if (details.status !== undefined) this.status = details.status;
    if (details.lock !== undefined) this.lock = details.lock;
  }

  /** Marks the error for `isSupervisorError`. */
  get [brand](): true {
    return true;
  }
}

/** Whether `error` is a SupervisorError, even one from another copy of this package. */
export function isSupervisorError(error: unknown): error is SupervisorError {
  return typeof error === 'object' && error !== null && brand in error && error[brand] === true;
}
