import type { FollowedEvents, FollowOptions } from '@serve.zone/baseos-cloudly-handlers';
import { type FleetApiError, isFleetApiError } from '../problems/fleet-api-error.js';
import type { Connection } from './send-call.js';
import { pause } from './pause.js';
import { readStream } from './read-stream.js';

export interface FollowEventsOptions extends FollowOptions {
  /** Called once for each time in which the server does not answer. */
  onTrouble?: ((error: Error) => void) | undefined;
}

const WAIT_MS = { first: 500, max: 30_000 };

/**
 * Events as they happen, and those after a place before, until the signal aborts. It connects again by itself: no event is lost,
 * and none comes twice. Rejects with the error of a request that it is no use to repeat.
 */
export async function* followEvents(
  connection: Connection,
  { onTrouble, ...options }: FollowEventsOptions,
): AsyncGenerator<FollowedEvents, void, undefined> {
  const { signal } = options;
  let { after } = options;
  let failures = 0;
  let hasBegun = false;
  while (!signal.aborted) {
    let waitMs = 0;
    try {
      for await (const followed of readStream(connection, { ...options, after })) {
        [failures, hasBegun] = [0, true];
        const isNew = followed.after !== after || followed.events.length > 0 || followed.reset !== undefined;
        after = followed.after;
        if (isNew) yield followed;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isPassing(error, hasBegun)) throw error;
      if (failures === 0) onTrouble?.(error);
      waitMs = error.retryAfterMs ?? 0;
    }
    failures += 1;
    await pause(connection.startTimer, Math.max(waitMs, backoffMs(failures, connection.random())), signal);
  }
}

/** Twice as long each time, and by chance, so that not all come back at once. */
export function backoffMs(failures: number, chance: number): number {
  return Math.min(WAIT_MS.max, WAIT_MS.first * 2 ** failures) * (0.5 + chance / 2);
}

const passingCodes: ReadonlySet<string> = new Set(['unreachable', 'unavailable', 'rate-limited']);

function isPassing(error: unknown, hasBegun: boolean): error is FleetApiError {
  // Where the API was, a proxy answers while its server restarts.
  return isFleetApiError(error) && (passingCodes.has(error.code) || (hasBegun && error.code === 'not-the-api'));
}
