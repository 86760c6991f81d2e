import type { HandlerEvent } from './handler-event.js';
import type { ResolvedOptions } from './handler-options.js';
import { goodJoinTokens, goodNodeTokens } from '../limits/good-tokens.js';
import { createInFlight, type InFlight } from '../limits/in-flight.js';
import { createKnownTokens, type KnownTokens } from '../limits/known-tokens.js';
import { createPacing } from './pacing.js';
import { createRateLimit, type RateLimit } from '../limits/rate-limit.js';
import { type MintedToken, mintToken } from '../fleet/mint-token.js';
import type { Accepted } from '../messages/answer.js';
import { createPlainAnswer, type PlainContent } from '../messages/plain-answer.js';
import { createWaking, type Waking } from '../waking/waking.js';

type WithoutInstant<Event> = Event extends HandlerEvent ? Omit<Event, 'atMs'> : never;

/** The environment of an endpoint. */
export interface HandlerContext extends Omit<ResolvedOptions, 'onHandled' | 'onError' | 'heartbeatIntervalMs'> {
  /**
   * Milliseconds since 1970.
   *
   * @throws TypeError if the clock returns no such number.
   */
  now: () => number;
  /** When these handlers got their first request. */
  upSinceMs: () => number;
  /** Calls `onHandled`. A listener that fails does not fail the request. */
  emit: (event: WithoutInstant<HandlerEvent>) => void;
  /** Calls `onError`. A listener that fails does not fail the request. */
  report: (error: unknown) => void;
  /** The interval for this answer. */
  heartbeatIntervalMs: () => number | undefined | Promise<number | undefined>;
  /** By address: failed requests. */
  failures: RateLimit;
  /** By address: registrations that succeed, and those with a valid join token. */
  registrations: RateLimit;
  /** By node: every request that is processed. */
  nodeRequests: RateLimit;
  /** By the hash of the node token. */
  tokensInFlight: InFlight;
  /** By address: registrations without a token that is known to be valid. */
  strangersInFlight: InFlight;
  /** By address: registrations with a join token that is known to be valid. */
  enrolmentsInFlight: InFlight;
  knownNodeTokens: KnownTokens;
  knownJoinTokens: KnownTokens;
  waking: Waking;
  /** The answer to a heartbeat when there is nothing for its node. */
  plainAnswer: (content: PlainContent) => Accepted;
  /** A new node token, which is known to be valid from now on. */
  mintNodeToken: () => Promise<MintedToken>;
}

const MINUTE_MS = 60_000;

/** Some 15 MB at most for all limits. */
const KEYS_MAX = 50_000;

/** A node sends one at a time; requests of its copies, and abandoned ones, may also be in progress. */
const IN_FLIGHT_PER_TOKEN_MAX = 16;

/** Each holds a body of 256 KiB at most. */
const IN_FLIGHT_PER_ADDRESS_MAX = 32;

export function createContext(resolved: ResolvedOptions): HandlerContext {
  const { onHandled, onError, ...options } = resolved;
  const now = (): number => requireInstant(options.now());
  let firstAskedAtMs: number | undefined;
  const report = (error: unknown): void => {
    try {
      onError(error);
    } catch {
      // The error handler itself has failed; the node still gets its answer.
    }
  };
  const emit = (event: WithoutInstant<HandlerEvent>): void => {
    try {
      const told = onHandled({ atMs: now(), ...event });
      if (told) Promise.resolve(told).catch(report);
    } catch (error) {
      report(error);
    }
  };
  const { store } = options;
  const knownNodeTokens = createKnownTokens({ load: () => goodNodeTokens(store), report, now });
  return {
    ...options,
    now,
    upSinceMs: () => (firstAskedAtMs ??= now()),
    report,
    emit,
    heartbeatIntervalMs: createPacing({ ...options, now, report }),
    failures: limitOf(options.attemptsPerAddressMax),
    registrations: limitOf(options.attemptsPerAddressMax),
    nodeRequests: limitOf(options.requestsPerNodeMax),
    tokensInFlight: createInFlight(IN_FLIGHT_PER_TOKEN_MAX),
    strangersInFlight: createInFlight(IN_FLIGHT_PER_ADDRESS_MAX),
    enrolmentsInFlight: createInFlight(IN_FLIGHT_PER_ADDRESS_MAX),
    knownNodeTokens,
    waking: createWaking({ ...options, report }),
    plainAnswer: createPlainAnswer(),
    knownJoinTokens: createKnownTokens({ load: () => goodJoinTokens(store, now), report, now }),
    mintNodeToken: async () => {
      const minted = await mintToken('node', options.randomBytes);
      knownNodeTokens.add(minted.hash);
      return minted;
    },
  };
}

function limitOf(max: number): RateLimit {
  return createRateLimit({ max, windowMs: MINUTE_MS, keysMax: KEYS_MAX });
}

/** That of a Date. */
const INSTANT_MAX_MS = 8.64e15;

/** No comparison with `NaN` is true: a join token would never expire. */
function requireInstant(nowMs: number): number {
  if (Math.abs(nowMs) <= INSTANT_MAX_MS) return nowMs;
  throw new TypeError(`now() must give milliseconds since 1970, but gave ${nowMs}`);
}
