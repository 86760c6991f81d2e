import { isPassing } from '../fleet/fleet-store-error.js';
import { createListeners } from '../fleet/listeners.js';
import type { FleetStore } from '../fleet-store/fleet-store.js';
import type { EventWindow } from './event-window.js';
import { createNews } from './news.js';
import { type EventReads, openWindow, PAGE_SIZE, readOn } from './read-window.js';

export interface EventSource {
  fleet: EventReads;
  onNews: FleetStore['onNews'];
  /** Called once for each time in which the database does not answer. */
  onTrouble?: ((error: Error) => void) | undefined;
}

/** One reading of the events, for everybody who follows them. */
export interface Reading {
  /** What was read last. @throws the error that has ended the reading */
  window(this: void): EventWindow | undefined;
  /** Calls `onChange` when there is another window, and at the end. Returns how to end that. */
  listen(this: void, onChange: () => void): () => void;
  listenerCount(this: void): number;
  hasEnded(this: void): boolean;
  /** Resolves when nothing is read any longer. */
  end(this: void): Promise<void>;
}

/** How long to wait for news of an event before looking for one, and before a look that failed is repeated. */
export const LOOK_AGAIN_MS = 5000;

export function createReading({ fleet, onNews, onTrouble = () => undefined }: EventSource): Reading {
  const ending = new AbortController();
  const listeners = createListeners<[]>();
  const news = createNews(ending.signal);
  let window: EventWindow | undefined;
  let failure: { error: unknown } | undefined;

  /** Whether there may be more at once. */
  const readNext = async (): Promise<boolean> => {
    const next = window ? await readOn(fleet, window) : await openWindow(fleet);
    if (next === window) return false;
    const isMore = next.head - (window?.head ?? next.head) >= PAGE_SIZE;
    window = next;
    listeners.tell();
    return isMore;
  };

  const read = async (): Promise<void> => {
    let isInTrouble = false;
    while (!ending.signal.aborted) {
      try {
        if (await readNext()) continue;
        isInTrouble = false;
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (!isInTrouble) onTrouble(error);
        isInTrouble = true;
      }
      await news.wait(LOOK_AGAIN_MS);
    }
  };

  const stop = (): void => {
    endNews();
    ending.abort();
    listeners.tell();
  };
  const endNews = onNews(news.tell);
  const ended = read().catch((error: unknown) => {
    failure = { error };
    stop();
  });

  return {
    window() {
      if (failure) throw failure.error;
      return window;
    },
    listen: listeners.add,
    listenerCount: listeners.count,
    hasEnded: () => ending.signal.aborted,
    end() {
      stop();
      return ended;
    },
  };
}
