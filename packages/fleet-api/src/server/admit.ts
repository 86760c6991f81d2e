import type { Caller } from '@serve.zone/baseos-cloudly-handlers';
import { createRateLimit, sha256Hex } from '@serve.zone/baseos-cloudly-handlers/mounting';
import { FleetApiError } from '../problems/fleet-api-error.js';
import { createKnownCredentials } from './known-credentials.js';

export interface AdmitOptions {
  /** Who sends a request; `undefined` if it has no valid credentials. */
  authenticate: (request: Request, info: unknown) => Caller | undefined | Promise<Caller | undefined>;
  /** What counts as one client; `undefined` if it is not known. */
  addressOf: (request: Request, info: unknown) => string | undefined;
  now: () => number;
}

/** How often an address may send credentials that are not valid, in a minute. */
const FAILURES_MAX = 30;
const WINDOW_MS = 60_000;
const ADDRESSES_MAX = 100_000;

/**
 * Gives the caller of a request, or rejects with why there is none. An address that has guessed too often waits; whoever has
 * shown valid credentials does not, because a whole office may have one address.
 */
export function createAdmit({ authenticate, addressOf, now }: AdmitOptions) {
  const failures = createRateLimit({ max: FAILURES_MAX, windowMs: WINDOW_MS, keysMax: ADDRESSES_MAX });
  const known = createKnownCredentials();

  return async (request: Request, info: unknown): Promise<Caller> => {
    const credentials = await digestOf(request);
    const address = addressOf(request, info);
    const isGuess = credentials !== undefined && address !== undefined && !known.has(credentials, now());
    // It is counted before it is judged, so that requests at the same time cannot exceed the limit.
    const waitMs = isGuess ? failures.take(address, now()) : 0;
    if (waitMs > 0) throwTooMany(waitMs);
    let hasFailed = false;
    try {
      const caller = await authenticate(request, info);
      hasFailed = caller === undefined;
      if (caller && credentials !== undefined) known.add(credentials, now());
      return caller ?? throwUnauthenticated();
    } finally {
      if (isGuess && !hasFailed) failures.giveBack(address, now());
    }
  };
}

/** Of what browsers and programs authenticate with; `undefined` for a request without any. */
async function digestOf({ headers }: Request): Promise<string | undefined> {
  const [authorization, cookie] = [headers.get('authorization'), headers.get('cookie')];
  if (authorization === null && cookie === null) return undefined;
  return sha256Hex(JSON.stringify([authorization, cookie]));
}

function throwTooMany(retryAfterMs: number): never {
  throw new FleetApiError('rate-limited', 'Your address has sent too many credentials that are not valid', {
    remedy: 'Wait for the time given in Retry-After, and check the credentials.',
    retryAfterMs,
  });
}

function throwUnauthenticated(): never {
  throw new FleetApiError('unauthenticated', 'The request has no valid credentials', {
    remedy: 'Send an API token that is valid: Authorization: Bearer ...',
  });
}
