import type { Issue } from '@serve.zone/baseos-contracts';
import type { RequestProblemCode } from './problem-table.js';

/**
 * Why a request was refused before it became a call, or why a client has no answer:
 *
 * - `unreachable`: no answer came.
 * - `not-the-api`: something else answered, such as a proxy, or a server from before this client.
 */
export type FleetApiErrorCode = RequestProblemCode | 'unreachable' | 'not-the-api';

export interface FleetApiErrorOptions extends ErrorOptions {
  /** What to do about it, in sentences. */
  remedy: string;
  /** Of a malformed request: each place, and the rule that it breaks. */
  issues?: readonly Issue[] | undefined;
  /** How long to wait before the next request. */
  retryAfterMs?: number | undefined;
  /** The methods that the path accepts. */
  allow?: readonly string[] | undefined;
}

const brand = Symbol.for('@serve.zone/baseos-fleet-api/FleetApiError');

/**
 * Why there is no answer of the fleet to a request. `authenticate` throws one to refuse a request, and the client rejects with
 * one. The message says what happened, without a full stop at its end.
 */
export class FleetApiError extends Error {
  override readonly name = 'FleetApiError';
  readonly code: FleetApiErrorCode;
  readonly remedy: string;
  readonly issues: readonly Issue[];
  readonly retryAfterMs: number | undefined;
  readonly allow: readonly string[];

  constructor(code: FleetApiErrorCode, message: string, options: FleetApiErrorOptions) {
    const { remedy, issues = [], retryAfterMs, allow = [], ...rest } = options;
    super(message, rest);
    this.code = code;
    this.remedy = remedy;
    this.issues = issues;
    this.retryAfterMs = retryAfterMs;
    this.allow = allow;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Also holds for an error of another copy of this package. */
export function isFleetApiError(candidate: unknown): candidate is FleetApiError {
  return typeof candidate === 'object' && candidate !== null && brand in candidate;
}
