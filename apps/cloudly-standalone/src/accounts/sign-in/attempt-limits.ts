import { addressKey } from '@serve.zone/baseos-cloudly-handlers';
import { createRateLimit } from '@serve.zone/baseos-cloudly-handlers/mounting';
import { FleetApiError } from '@serve.zone/baseos-fleet-api';
import { createSignInDelays } from './sign-in-delays.js';

/** Bounds how many passwords and invitations anybody can try. */
export interface AttemptLimits {
  /**
   * Counts an attempt as one that fails.
   *
   * @throws FleetApiError if there were too many
   */
  begin(this: void, of: { name?: string; address?: string | undefined }): Attempt;
}

export interface Attempt {
  /** It does not count after all. */
  succeed(this: void): void;
}

/** By one address, for whatever names. */
const PER_ADDRESS = { max: 20, windowMs: 5 * 60_000, keysMax: 10_000 };

/** Each process counts for itself. */
export function createAttemptLimits(now: () => number): AttemptLimits {
  const delays = createSignInDelays();
  const addresses = createRateLimit(PER_ADDRESS);

  return {
    begin({ name, address }) {
      const nowMs = now();
      const key = address === undefined ? undefined : addressKey(address);
      const ofAddressMs = key === undefined ? 0 : addresses.waitMs(key, nowMs);
      const waitMs = ofAddressMs || (name === undefined ? 0 : delays.begin(name, nowMs));
      if (waitMs > 0) throw tooMany(waitMs);
      if (key !== undefined) addresses.count(key, nowMs);
      return {
        succeed() {
          if (key !== undefined) addresses.giveBack(key, nowMs);
          if (name !== undefined) delays.forget(name);
        },
      };
    },
  };
}

function tooMany(retryAfterMs: number): FleetApiError {
  return new FleetApiError('rate-limited', 'There were too many attempts that failed', {
    remedy: 'Wait, and try again.',
    retryAfterMs,
  });
}
