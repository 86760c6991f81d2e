import { cloudlyIdSchema, limits } from '@serve.zone/baseos-contracts';
import type { CloudlyEvent } from './cloudly-event.js';
import type { FleetStore } from './fleet-store.js';

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;

export interface CloudlyHandlersOptions {
  store: FleetStore;
  /** Which Cloudly speaks. Take `await store.cloudlyId()`, unless your Cloudly has a lasting ID already. */
  cloudlyId: string;
  /**
   * The pace given to every node, 5 s to 1 h.
   *
   * @default none: each node keeps its own
   */
  heartbeatIntervalMs?: number | undefined;
  /**
   * The age at which a node token is replaced.
   *
   * @default 30 days
   */
  rotateNodeTokenAfterMs?: number | undefined;
  /**
   * When a node that waits for approval asks again, 1 s to 1 h.
   *
   * @default 60000
   */
  pendingRetryAfterMs?: number | undefined;
  /** Told what was done with each request, before the answer goes out, and not awaited. What it throws goes to `onError`. */
  onEvent?: ((event: CloudlyEvent) => void | Promise<void>) | undefined;
  /** Told why a request was answered with 503: the store failed, or the body was read before the handlers got it. Also
   * told what `onEvent` threw. */
  onError?: ((error: unknown) => void) | undefined;
  /**
   * Milliseconds since 1970.
   *
   * @default Date.now
   */
  now?: (() => number) | undefined;
  /** @default the runtime's cryptographic source */
  randomBytes?: ((byteCount: number) => Uint8Array) | undefined;
}

export interface ResolvedOptions {
  store: FleetStore;
  cloudlyId: string;
  heartbeatIntervalMs: number | undefined;
  rotateNodeTokenAfterMs: number;
  pendingRetryAfterMs: number;
  onEvent: (event: CloudlyEvent) => void | Promise<void>;
  onError: (error: unknown) => void;
  now: () => number;
  randomBytes: (byteCount: number) => Uint8Array;
}

export const defaults = {
  rotateNodeTokenAfterMs: 30 * DAY_MS,
  pendingRetryAfterMs: 60 * SECOND_MS,
  now: Date.now,
  randomBytes: (byteCount: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(byteCount)),
} as const;

/** @throws TypeError for an option out of its bounds. */
export const resolveOptions = (options: CloudlyHandlersOptions): ResolvedOptions => {
  const { heartbeatIntervalMs } = options;
  if (heartbeatIntervalMs !== undefined) {
    requireWithin(
      'heartbeatIntervalMs',
      heartbeatIntervalMs,
      limits.heartbeatIntervalMinMs,
      limits.heartbeatIntervalMaxMs,
    );
  }
  const rotateNodeTokenAfterMs = options.rotateNodeTokenAfterMs ?? defaults.rotateNodeTokenAfterMs;
  requireWithin('rotateNodeTokenAfterMs', rotateNodeTokenAfterMs, 1, Number.MAX_SAFE_INTEGER);
  const pendingRetryAfterMs = options.pendingRetryAfterMs ?? defaults.pendingRetryAfterMs;
  requireWithin('pendingRetryAfterMs', pendingRetryAfterMs, limits.retryAfterMinMs, limits.retryAfterMaxMs);
  requireCloudlyId(options.cloudlyId);

  return {
    store: options.store,
    cloudlyId: options.cloudlyId,
    heartbeatIntervalMs,
    rotateNodeTokenAfterMs,
    pendingRetryAfterMs,
    onEvent: options.onEvent ?? (() => undefined),
    onError: options.onError ?? (() => undefined),
    now: options.now ?? defaults.now,
    randomBytes: options.randomBytes ?? defaults.randomBytes,
  };
};

const requireWithin = (name: string, value: number, min: number, max: number): void => {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new TypeError(`${name} must be a whole number of milliseconds from ${min} to ${max}, but is ${value}`);
};

const requireCloudlyId = (cloudlyId: string): void => {
  const result = cloudlyIdSchema['~standard'].validate(cloudlyId);
  if (!(result instanceof Promise) && !result.issues) return;
  throw new TypeError('cloudlyId must have 1 to 128 characters of A-Z a-z 0-9 . _ - and start with a letter or digit');
};
