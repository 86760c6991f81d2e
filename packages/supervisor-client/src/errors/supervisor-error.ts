/**
 * What went wrong, for an exhaustive `switch`:
 *
 * - `not-configured`: the environment holds no usable Supervisor address, or no app ID where a call needs one; or the
 *   address has a port that `fetch` sends nothing to
 * - `api-key-missing`: the call needs a key and there is none; nothing was sent
 * - `api-key-invalid`: the key cannot be written in a request; nothing was sent
 * - `unreachable`: no connection, or it was lost before the answer was whole
 * - `timeout`: no whole answer within the deadline
 * - `unauthorized`: the Supervisor does not accept the key
 * - `out-of-scope`: the key is a valid one, but not for this app
 * - `locked`: something holds the device back; `lock` says what
 * - `bad-request`: the Supervisor refuses the request as wrong
 * - `not-found`: what the call names does not exist
 * - `not-supported`: this version of the Supervisor has no such endpoint
 * - `supervisor-error`: the Supervisor, or the engine behind it, failed
 * - `unexpected-response`: what came back is not an answer of a Supervisor
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
 * - `supervisor-busy`: another operation of the Supervisor; wait, `force` does not help
 * - `host-update`: the host OS is being updated; wait, and never force
 */
export type SupervisorLock = 'user-lock' | 'supervisor-busy' | 'host-update';

/** What a SupervisorError is made of. */
export interface SupervisorErrorDetails {
  /** What went wrong. */
  code: SupervisorErrorCode;
  /** What happened and what to do, without key and URL. */
  message: string;
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
 * The one error of this package. Its message says what happened and what to do. It holds no cause, no key and no URL,
 * so it can be logged as it is.
 */
export class SupervisorError extends Error {
  /** For logs; to recognise the error, use `isSupervisorError`. */
  override readonly name = 'SupervisorError';
  /** What went wrong. */
  readonly code: SupervisorErrorCode;
  /** True if the same call may succeed after a wait and cannot be carried out twice by being sent again. */
  readonly retryable: boolean;
  /** Method and path, as in `GET /v1/device`; absent if no endpoint was concerned. */
  declare readonly endpoint?: string;
  /** The HTTP status, if there was an answer. */
  declare readonly status?: number;
  /** Only with code `locked`. */
  declare readonly lock?: SupervisorLock;

  constructor(details: SupervisorErrorDetails) {
    super(details.message);
    this.code = details.code;
    this.retryable = details.retryable ?? false;
    if (details.endpoint !== undefined) this.endpoint = details.endpoint;
    if (details.status !== undefined) this.status = details.status;
    if (details.lock !== undefined) this.lock = details.lock;
  }

  /** What `isSupervisorError` looks for. */
  get [brand](): true {
    return true;
  }
}

/** Whether `error` is a SupervisorError, also one of another copy of this package. */
export function isSupervisorError(error: unknown): error is SupervisorError {
  return typeof error === 'object' && error !== null && brand in error && error[brand] === true;
}
