import type {
  HeartbeatAnswer,
  ProblemCode,
  LegacyHeartbeatAnswer,
  LegacyRegisterAnswer,
  ReceivedProblem,
  RegisterAccepted,
  RegisterPending,
  WakeAnswer,
} from '@serve.zone/baseos-contracts';

/** The problems that reject a join token. */
export type JoinTokenProblemCode = Extract<ProblemCode, `join-token-${string}`>;

/** A verdict of a Cloudly: a problem document of the contract, with its status in the table. */
interface Verdict<Kind extends string> {
  kind: Kind;
  problem: ReceivedProblem;
}

/**
 * The outcome of an exchange without a verdict. It is not known whether the request was executed.
 *
 * `retryAfterMs` comes from Cloudly if there is a `problem`. Otherwise it may come from a captive portal, a proxy or a CDN.
 */
export type NoVerdict =
  /** 429 */
  | { kind: 'rate-limited'; status: number; retryAfterMs?: number; problem?: ReceivedProblem }
  /** 503, or a problem document whose code is unknown to this version or at this endpoint. */
  | { kind: 'unavailable'; status: number; retryAfterMs?: number; problem?: ReceivedProblem }
  /**
   * There was no connection, or it failed. `reason` is a system code such as `ECONNREFUSED`, or a short phrase; `remedy` is
   * what to do, if the cause is known.
   */
  | { kind: 'unreachable'; reason: string; message: string; remedy?: string }
  /** There was no complete answer within the deadline. */
  | { kind: 'timeout'; timeoutMs: number }
  /** Something else answered: a captive portal, a proxy, a redirect, or a server with other JSON. */
  | { kind: 'not-cloudly'; status: number; reason: string; retryAfterMs?: number }
  /** The caller's signal ended the exchange. */
  | { kind: 'aborted' };

/** Cloudly refused the request as invalid: 400, 413, 415 or 422. */
export type Refused = Verdict<'refused'>;

/** The outcome of `register()`. */
export type RegisterOutcome =
  /** `created`: whether the node is new (201), or Cloudly knew it already (200). */
  | { kind: 'accepted'; created: boolean; answer: RegisterAccepted }
  | { kind: 'accepted-legacy'; answer: LegacyRegisterAnswer }
  | { kind: 'pending'; answer: RegisterPending; retryAfterMs?: number }
  | (Verdict<'join-token-rejected'> & { code: JoinTokenProblemCode })
  | Verdict<'node-id-taken'>
  | Verdict<'clone-suspected'>
  | Verdict<'revoked'>
  | Refused
  | NoVerdict;

/** What is at Cloudly's address, according to a request without a token. */
export type PresenceOutcome =
  /** `serverTime`: Cloudly's clock, as an RFC 3339 instant in UTC, if Cloudly sends it. */
  { kind: 'present'; cloudlyId: string; serverTime?: string | undefined } | NoVerdict;

/** The outcome of `heartbeat()`. */
export type HeartbeatOutcome =
  | { kind: 'accepted'; answer: HeartbeatAnswer }
  | { kind: 'accepted-legacy'; answer: LegacyHeartbeatAnswer }
  /** 401 `node-token-unknown` */
  | Verdict<'node-token-rejected'>
  | Verdict<'revoked'>
  | Refused
  | NoVerdict;

/**
 * The outcome of `wake()`. None of them is a verdict: nothing follows for the node's identity, its token or its standing. Only
 * a heartbeat tells.
 */
export type WakeOutcome =
  /** There is something that the next heartbeat tells the node. */
  | { kind: 'woken'; answer: WakeAnswer }
  /** The wait is over, and there was nothing. */
  | { kind: 'not-woken'; answer: WakeAnswer }
  /** 404 or 501: Cloudly does not wake this node, or a gateway in front does not let the request through. */
  | { kind: 'not-offered'; status: number }
  /** 429 or 503: retry later. */
  | { kind: 'busy'; status: number; retryAfterMs?: number; problem?: ReceivedProblem }
  /** Anything else: no connection, no answer in time, or another one. `reason` says what, in a few words. */
  | { kind: 'failed'; reason: string; status?: number; problem?: ReceivedProblem }
  /** The caller's signal ended the exchange. */
  | { kind: 'aborted' };
