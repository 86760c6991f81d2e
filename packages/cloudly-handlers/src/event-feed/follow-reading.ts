import { isPassing } from '../fleet/fleet-store-error.js';
import { LOOK_AGAIN_MS, type Reading } from './create-reading.js';
import { type EventPlace, formatPlace } from './event-place.js';
import type { FollowedEvents } from './followed-events.js';
import { createNews } from './news.js';
import { findStart } from './find-start.js';
import { findNext, type Follower, type Step } from './find-next.js';

/** What one caller may read of it, at their own pace. */
export async function* followReading(
  reading: Reading,
  follower: Follower,
): AsyncGenerator<FollowedEvents, void, undefined> {
  const { signal } = follower.options;
  const news = createNews(signal);
  const endListening = reading.listen(news.tell);
  let place: EventPlace | undefined;

  const look = async (): Promise<Step | undefined> => {
    const window = reading.window();
    if (!window) return undefined;
    return place ? findNext(window, place, follower) : findStart(window, follower);
  };

  try {
    while (!signal.aborted && !reading.hasEnded()) {
      let retryAfterMs: number | undefined;
      const step = await look().catch((error: unknown) => {
        if (!isPassing(error)) throw error;
        retryAfterMs = LOOK_AGAIN_MS;
        return undefined;
      });
      if (!step) {
        await news.wait(retryAfterMs);
        continue;
      }
      const { reset, events } = step;
      place = step.place;
      yield { events, after: formatPlace(place), ...(reset && { reset }) };
    }
    // Throws what has ended the reading.
    reading.window();
  } finally {
    endListening();
    if (reading.listenerCount() === 0) await reading.end();
  }
}
