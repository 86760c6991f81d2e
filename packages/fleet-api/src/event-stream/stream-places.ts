import { createInFlight } from '@serve.zone/baseos-cloudly-handlers/mounting';
import { FleetApiError } from '../problems/fleet-api-error.js';

export interface StreamLimits {
  /** How many streams there may be at once. @default 200 */
  streamsMax?: number | undefined;
  /** How many of them one caller may have. @default 10 */
  streamsPerCallerMax?: number | undefined;
}

export interface StreamPlaces {
  /** Takes a place, and returns how to free it. @throws FleetApiError if there is none */
  enter(this: void, caller: string): () => void;
  count(this: void): number;
}

/** For those who are told to come later. */
const RETRY_AFTER_MS = 10_000;

export function createStreamPlaces({ streamsMax = 200, streamsPerCallerMax = 10 }: StreamLimits): StreamPlaces {
  const ofCaller = createInFlight(streamsPerCallerMax);
  let count = 0;
  return {
    enter(caller) {
      const leave = ofCaller.enter(caller);
      if (!leave) {
        throw new FleetApiError('rate-limited', `You have ${streamsPerCallerMax} streams of events open already`, {
          remedy: 'Close one of them.',
          retryAfterMs: RETRY_AFTER_MS,
        });
      }
      if (count >= streamsMax) {
        leave();
        throw new FleetApiError('unavailable', `The server has ${streamsMax} streams of events open already`, {
          remedy: 'Retry after the time given in Retry-After.',
          retryAfterMs: RETRY_AFTER_MS,
        });
      }
      count += 1;
      let isFree = false;
      return () => {
        if (isFree) return;
        isFree = true;
        count -= 1;
        leave();
      };
    },
    count: () => count,
  };
}
