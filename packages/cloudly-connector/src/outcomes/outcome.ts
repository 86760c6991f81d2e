import type {
  HeartbeatAnswer,
  ProblemCode,
  LegacyHeartbeatAnswer,
  LegacyRegisterAnswer,
  ReceivedProblem,
  RegisterAccepted,
  RegisterPending,
} from '@serve.zone/baseos-contracts';

/** The problems that say that a join token is not good. */
export type JoinTokenProblemCode = Extract<ProblemCode, `join-token-${string}`>;

/** A typed verdict of a Cloudly: a problem document of the contract, with the status of the table. */
interface Verdict<Kind extends string> {
  kind: Kind;
  problem: ReceivedProblem;
}

/**
 * How an exchange ended that brought no verdict. Nothing is known of the request: it may have been executed.
 *
 * `retryAfterMs` is Cloudly's own word where a `problem` stands beside it; without one it may come from a captive portal, a
 * proxy or a CDN.
 */
export type NoVerdict =
  /** 429 */
  | { kind: 'rate-limited'; status: number; retryAfterMs?: number; problem?: ReceivedProblem }
  /** 503, and a problem document whose code means nothing to this version or at this endpoint. */
  | { kind: 'unavailable'; status: number; retryAfterMs?: number; problem?: ReceivedProblem }
  /**
   * No connection, or one that broke. `reason` is the system's code or a short phrase (`ECONNREFUSED`, `ENOTFOUND`);
   * `remedy` is there where the transport knows one.
   */
  | { kind: 'unreachable'; reason: string; message: string; remedy?: string }
  | { kind: 'timeout'; timeoutMs: number }
  /** An answer that is no Cloudly's: a captive portal's page, a proxy's error, a redirect, JSON of another shape. */
  | { kind: 'not-cloudly'; status: number; reason: string; retryAfterMs?: number }
  /** The caller's signal ended the exchange. */
  | { kind: 'aborted' };

/** The node's request was refused as such: 400, 413, 415, 422. */
export type Refused = Verdict<'refused'>;

export type RegisterOutcome =
  /** `created` tells 201, a new node, from 200, one that Cloudly knew. */
  | { kind: 'accepted'; created: boolean; answer: RegisterAccepted }
  | { kind: 'accepted-legacy'; answer: LegacyRegisterAnswer }
  | { kind: 'pending'; answer: RegisterPending; retryAfterMs?: number }
  | (Verdict<'join-token-rejected'> & { code: JoinTokenProblemCode })
  | Verdict<'node-id-taken'>
  | Verdict<'clone-suspected'>
  | Verdict<'revoked'>
  | Refused
  | NoVerdict;

/** What is at Cloudly's address, asked by somebody that it does not know. */
export type PresenceOutcome =
  /** `serverTime` is Cloudly's clock, as an RFC 3339 instant in UTC, if it tells it. */
  { kind: 'present'; cloudlyId: string; serverTime?: string | undefined } | NoVerdict;

export type HeartbeatOutcome =
  | { kind: 'accepted'; answer: HeartbeatAnswer }
  | { kind: 'accepted-legacy'; answer: LegacyHeartbeatAnswer }
  /** 401 `node-token-unknown` */
  | Verdict<'node-token-rejected'>
  | Verdict<'revoked'>
  | Refused
  | NoVerdict;
