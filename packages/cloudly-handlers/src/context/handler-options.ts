import { cloudlyIdSchema, limits } from '@serve.zone/baseos-contracts';
import type { HandlerEvent } from './handler-event.js';
import { labelKeyMistake } from '../selector/label-rules.js';
import type { NodeStore } from '../fleet/node-store.js';
import { runtime } from '../fleet/runtime.js';
import { BODY_TIMEOUT_MS } from '../messages/read-json-body.js';
import type { SeenRequest } from '../messages/served-request.js';
import type { VerifyJoinToken } from './verify-join-token.js';

const SECOND_MS = 1000;
const DAY_MS = 24 * 3600 * SECOND_MS;

export interface CloudlyHandlersOptions {
  store: NodeStore;
  /** The ID of this Cloudly. Use `await store.cloudlyId()`, unless your Cloudly already has a permanent ID. */
  cloudlyId: string;
  /**
   * The heartbeat interval of every node while the fleet is small, 5 s to 1 h.
   *
   * @default none: each node keeps its own
   */
  heartbeatIntervalMs?: number | undefined;
  /**
   * The maximum rate of heartbeats for the whole fleet: the interval in the answers grows with the fleet to keep it, up
   * to 1 h.
   *
   * @default 200
   */
  heartbeatsPerSecondMax?: number | undefined;
  /**
   * The age at which a node token is replaced.
   *
   * @default 30 days
   */
  rotateNodeTokenAfterMs?: number | undefined;
  /**
   * The time after which a node that waits for approval asks again, 1 s to 1 h.
   *
   * @default 60000
   */
  pendingRetryAfterMs?: number | undefined;
  /** Verifies join tokens that the store does not know, such as those of a Cloudly with its own. */
  verifyJoinToken?: VerifyJoinToken | undefined;
  /**
   * Also serve legacy nodes, whose requests have no `protocol`, and accept node tokens of any form. Leave it on
   * until the last of them has a token of this Cloudly.
   *
   * @default false
   */
  legacyNodes?: boolean | undefined;
  /**
   * The network address of the client, for the limit of attempts. `info` is the further argument of `fetch`, as servers
   * pass it. Behind a proxy, use the address that the proxy reports, and only from your own proxy.
   *
   * @default none, and so no limit by address
   */
  clientAddress?: ((request: SeenRequest, info: unknown) => string | undefined) | undefined;
  /**
   * How many requests of an address may fail in a minute, and how many of its registrations may succeed. Heartbeats
   * with a valid token are processed regardless of the address's history, because the devices of a site may share one;
   * so are registrations with a valid join token, as long as the address has registrations left. Each process counts
   * for itself.
   *
   * @default 120
   */
  attemptsPerAddressMax?: number | undefined;
  /**
   * How many requests of one node are processed in a minute, including rejected ones. Each process counts for itself.
   *
   * @default 240
   */
  requestsPerNodeMax?: number | undefined;
  /**
   * Offers nodes to be woken, so that they hear of a command within a second: a node then holds a request for so long, 10 s
   * to 4 min, and sends its next heartbeat when that is answered with a reason. Choose less than what a proxy in front waits
   * for an answer; 50 s suits most. The store needs a doorbell; without one, `onError` says that waking is off.
   *
   * @default none: no node is offered to be woken
   */
  wakeWaitMs?: number | undefined;
  /**
   * How many nodes may wait to be woken. The others hear of commands with their heartbeats. Each process counts for itself.
   *
   * @default 10000
   */
  wakeConnectionsMax?: number | undefined;
  /** Nodes with the same value of this label that go offline together have one alert. @default 'site' */
  alertGroupLabel?: string | undefined;
  /**
   * How long the body of a request may take to arrive.
   *
   * @default 20000
   */
  bodyTimeoutMs?: number | undefined;
  /**
   * Called with the result of each request before the answer is sent, and not awaited. A `switch` on `kind` covers
   * every event. Errors that it throws go to `onError`; no request fails because of them.
   */
  onHandled?: ((event: HandlerEvent) => void | Promise<void>) | undefined;
  /**
   * Called with the reason why a request was answered with 503: the store failed, or other code had already read the
   * body; the message then says what to do. Also called with errors of `onHandled`.
   */
  onError?: ((error: unknown) => void) | undefined;
  /**
   * Milliseconds since 1970.
   *
   * @default Date.now
   */
  now?: (() => number) | undefined;
  /**
   * Milliseconds of a monotonic clock, which shows how long `now` has been trustworthy.
   *
   * @default performance.now
   */
  monotonicMs?: (() => number) | undefined;
  /** @default the runtime's cryptographic source */
  randomBytes?: ((byteCount: number) => Uint8Array) | undefined;
  /**
   * From 0 up to 1, for the pace.
   *
   * @default Math.random
   */
  random?: (() => number) | undefined;
}

export interface ResolvedOptions {
  store: NodeStore;
  cloudlyId: string;
  heartbeatIntervalMs: number | undefined;
  heartbeatsPerSecondMax: number;
  rotateNodeTokenAfterMs: number;
  pendingRetryAfterMs: number;
  verifyJoinToken: VerifyJoinToken | undefined;
  legacyNodes: boolean;
  clientAddress: ((request: SeenRequest, info: unknown) => string | undefined) | undefined;
  attemptsPerAddressMax: number;
  requestsPerNodeMax: number;
  wakeWaitMs: number | undefined;
  wakeConnectionsMax: number;
  alertGroupLabel: string;
  bodyTimeoutMs: number;
  onHandled: (event: HandlerEvent) => void | Promise<void>;
  onError: (error: unknown) => void;
  now: () => number;
  monotonicMs: () => number;
  randomBytes: (byteCount: number) => Uint8Array;
  random: () => number;
}

const defaults = {
  heartbeatsPerSecondMax: 200,
  rotateNodeTokenAfterMs: 30 * DAY_MS,
  pendingRetryAfterMs: 60 * SECOND_MS,
  attemptsPerAddressMax: 120,
  // Four times the rate of a node with the shortest interval.
  requestsPerNodeMax: 240,
  wakeConnectionsMax: 10_000,
  alertGroupLabel: 'site',
  bodyTimeoutMs: BODY_TIMEOUT_MS,
} as const;

/** The longest time of a timer. */
const TIMEOUT_MAX_MS = 2_147_483_647;

/** @throws TypeError for an option out of its bounds. */
export function resolveOptions(options: CloudlyHandlersOptions): ResolvedOptions {
  const { heartbeatIntervalMs, wakeWaitMs } = options;
  if (heartbeatIntervalMs !== undefined) {
    const { heartbeatIntervalMinMs, heartbeatIntervalMaxMs } = limits;
    requireDuration('heartbeatIntervalMs', heartbeatIntervalMs, heartbeatIntervalMinMs, heartbeatIntervalMaxMs);
  }
  if (wakeWaitMs !== undefined) {
    requireDuration('wakeWaitMs', wakeWaitMs, limits.wakeWaitMinMs, limits.wakeWaitMaxMs);
  }
  const {
    heartbeatsPerSecondMax = defaults.heartbeatsPerSecondMax,
    rotateNodeTokenAfterMs = defaults.rotateNodeTokenAfterMs,
    pendingRetryAfterMs = defaults.pendingRetryAfterMs,
    attemptsPerAddressMax = defaults.attemptsPerAddressMax,
    requestsPerNodeMax = defaults.requestsPerNodeMax,
    wakeConnectionsMax = defaults.wakeConnectionsMax,
    alertGroupLabel = defaults.alertGroupLabel,
    bodyTimeoutMs = defaults.bodyTimeoutMs,
  } = options;
  requirePositive('heartbeatsPerSecondMax', heartbeatsPerSecondMax);
  requireDuration('rotateNodeTokenAfterMs', rotateNodeTokenAfterMs, 1, Number.MAX_SAFE_INTEGER);
  requireDuration('pendingRetryAfterMs', pendingRetryAfterMs, limits.retryAfterMinMs, limits.retryAfterMaxMs);
  requirePositive('attemptsPerAddressMax', attemptsPerAddressMax);
  requirePositive('requestsPerNodeMax', requestsPerNodeMax);
  requirePositive('wakeConnectionsMax', wakeConnectionsMax);
  requireLabelKey('alertGroupLabel', alertGroupLabel);
  requireDuration('bodyTimeoutMs', bodyTimeoutMs, 1, TIMEOUT_MAX_MS);
  requireCloudlyId(options.cloudlyId);

  return {
    store: options.store,
    cloudlyId: options.cloudlyId,
    heartbeatIntervalMs,
    heartbeatsPerSecondMax,
    rotateNodeTokenAfterMs,
    pendingRetryAfterMs,
    verifyJoinToken: options.verifyJoinToken,
    legacyNodes: options.legacyNodes ?? false,
    clientAddress: options.clientAddress,
    attemptsPerAddressMax,
    requestsPerNodeMax,
    wakeWaitMs,
    wakeConnectionsMax,
    alertGroupLabel,
    bodyTimeoutMs,
    onHandled: options.onHandled ?? (() => undefined),
    onError: options.onError ?? (() => undefined),
    now: options.now ?? runtime.now,
    monotonicMs: options.monotonicMs ?? runtime.monotonicMs,
    randomBytes: options.randomBytes ?? runtime.randomBytes,
    random: options.random ?? runtime.random,
  };
}

function requireDuration(name: string, value: number, min: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw new TypeError(`${name} must be a whole number of milliseconds from ${min} to ${max}, but is ${value}`);
}

function requirePositive(name: string, value: number): void {
  if (value > 0) return;
  throw new TypeError(`${name} must be a number above 0, but is ${value}; Infinity sets no limit`);
}

function requireLabelKey(name: string, key: string): void {
  const mistake = labelKeyMistake(key);
  if (mistake !== undefined) throw new TypeError(`${name} must be the key of a label, but is ${key}: ${mistake}`);
}

function requireCloudlyId(cloudlyId: string): void {
  const result = cloudlyIdSchema['~standard'].validate(cloudlyId);
  if (!(result instanceof Promise) && !result.issues) return;
  throw new TypeError('cloudlyId must have 1 to 128 characters of A-Z a-z 0-9 . _ - and start with a letter or digit');
}
