import type { FleetEvent } from '@serve.zone/baseos-cloudly-handlers';
import type { LocalFleet } from '../operator/with-fleet.js';
import { isPassing } from '../command/follow-command.js';
import type { EventFilter } from './event-pages.js';

export interface FollowEventsOptions {
  filter: EventFilter;
  /** Called with the next events in their order, as soon as they are there. */
  show: (events: readonly FleetEvent[]) => Promise<void>;
  /** Called once for each time in which the database does not answer. */
  showTrouble: (error: Error) => void;
  signal: AbortSignal;
}

const PAGE_SIZE = 500;

/** How long to wait for news of an event before looking for one. */
const LOOK_AGAIN_MS = 5000;

/** Shows all events after a position as they happen, by whichever process, until the signal. */
export async function followEvents(
  { fleet, store }: Pick<LocalFleet, 'fleet' | 'store'>,
  afterPosition: number,
  { filter, show, showTrouble, signal }: FollowEventsOptions,
): Promise<void> {
  let after = afterPosition;
  let isInTrouble = false;
  const news = createNews(signal);
  const endNews = store.onNews(news.tell);
  try {
    while (!signal.aborted) {
      try {
        const events = await fleet.listEvents({ ...filter, after, limit: PAGE_SIZE });
        isInTrouble = false;
        if (events.length > 0) await show(events);
        after = events.at(-1)?.position ?? after;
        if (events.length === PAGE_SIZE) continue;
      } catch (error) {
        if (!isPassing(error)) throw error;
        if (!isInTrouble) showTrouble(error);
        isInTrouble = true;
      }
      await news.wait(LOOK_AGAIN_MS);
    }
  } finally {
    endNews();
  }
}

/** Lets one wait until something is told, or was since it last waited. */
function createNews(signal: AbortSignal): { tell: () => void; wait: (atMostMs: number) => Promise<void> } {
  let isTold = false;
  let wake: (() => void) | undefined;
  const tell = (): void => {
    isTold = true;
    wake?.();
  };
  signal.addEventListener('abort', tell, { once: true });
  return {
    tell,
    wait: async (atMostMs) => {
      if (!isTold && !signal.aborted) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
          timer = setTimeout(resolve, atMostMs);
        });
        clearTimeout(timer);
        wake = undefined;
      }
      isTold = false;
    },
  };
}
