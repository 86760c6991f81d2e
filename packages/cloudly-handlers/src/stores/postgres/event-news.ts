import type { Line } from './line.js';

/** Begins a message of the mover, and no node ID. */
const NEWS_MARK = '!';
export const NEWS = `${NEWS_MARK}events`;

/** So often listeners are called without a message, which a pooler or a lost connection may keep from them. */
const POLL_EVERY_MS = 5000;

export function isNews(message: string | undefined): boolean {
  return message?.startsWith(NEWS_MARK) === true;
}

/** Calls listeners when events were moved, by whichever process. */
export function createEventNews({ listen }: Pick<Line, 'listen'>) {
  const ends = new Set<() => void>();
  return {
    onNews(this: void, onNews: () => void): () => void {
      const poll = setInterval(onNews, POLL_EVERY_MS);
      poll.unref();
      const endListening = listen((message) => {
        if (message === undefined || isNews(message)) onNews();
      });
      const end = (): void => {
        clearInterval(poll);
        endListening();
        ends.delete(end);
      };
      ends.add(end);
      return end;
    },
    close(this: void): void {
      for (const end of ends) end();
    },
  };
}
