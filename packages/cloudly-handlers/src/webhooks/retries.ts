const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a delivery waits after each attempt that failed: in all, about a day. After the last attempt it has failed. */
export const retryWaitsMs: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  8 * HOUR_MS,
  8 * HOUR_MS,
];

/** A receiver that asks for longer is asked again after that. */
const RETRY_AFTER_MAX_MS = HOUR_MS;

export interface FailedAttempt {
  /** How many attempts there were. */
  attempts: number;
  /** How long the receiver wants to be left alone. */
  retryAfterMs?: number | undefined;
  /** Between 0 and 1. */
  random: number;
}

/** How long a delivery waits for its next attempt, up to a fifth more or less; `undefined` if there is none. */
export function nextWaitMs({ attempts, retryAfterMs = 0, random }: FailedAttempt): number | undefined {
  const waitMs = retryWaitsMs[attempts - 1];
  if (waitMs === undefined) return undefined;
  return Math.round(Math.max(waitMs * (0.8 + 0.4 * random), Math.min(retryAfterMs, RETRY_AFTER_MAX_MS)));
}
