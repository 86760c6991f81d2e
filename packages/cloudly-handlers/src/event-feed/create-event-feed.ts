import type { Caller } from '../fleet-calls/caller.js';
import { createReading, type EventSource, type Reading } from './create-reading.js';
import { followReading } from './follow-reading.js';
import type { FollowedEvents, FollowOptions } from './followed-events.js';
import { shareReads } from './share-reads.js';

export interface EventFeedOptions extends EventSource {
  /** @default Date.now */
  now?: (() => number) | undefined;
}

export interface EventFeed {
  /**
   * The events that a caller may read, as they happen, by whichever process. The first is the place from which it goes. Rejects
   * with a `FleetError` as `listEvents` does. Resolves when the signal aborts or the feed is closed.
   */
  follow(this: void, caller: Caller, options: FollowOptions): AsyncGenerator<FollowedEvents, void, void>;
  /** Ends all who follow. Resolves when nothing is read for all of them any longer. */
  close(this: void): Promise<void>;
}

/** Reads the events once for all who follow them in this process, and only while somebody does. */
export function createEventFeed({ now = Date.now, ...source }: EventFeedOptions): EventFeed {
  const fleet = shareReads(source.fleet);
  let reading: Reading | undefined;
  let isClosed = false;

  return {
    async *follow(caller, options) {
      if (isClosed) return;
      if (!reading || reading.hasEnded()) reading = createReading(source);
      yield* followReading(reading, { fleet, caller, now, options });
    },
    async close() {
      isClosed = true;
      await reading?.end();
    },
  };
}
