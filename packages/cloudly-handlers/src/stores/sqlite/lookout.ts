import { createListeners } from '../../fleet/listeners.js';

/** How often another process' news is looked for, while somebody listens. A look reads one page that is in memory. */
const LOOK_EVERY_MS = 300;

export interface Lookout<News> {
  /** Tells those who listen. */
  tell(this: void, news: News): void;
  listen(this: void, onNews: (news: News) => void): () => void;
  /** Looks before its time, if somebody listens. */
  look(this: void): void;
  close(this: void): void;
}

export interface LookoutOptions {
  /** Looks for news of other processes. One that fails is repeated at its time. */
  look: () => Promise<void>;
  /** Nobody listens any longer. */
  forget: () => void;
}

/** Looks for what other processes have written while somebody listens, because SQLite tells no process of it. */
export function createLookout<News>({ look, forget }: LookoutOptions): Lookout<News> {
  const listeners = createListeners<[news: News]>();
  let timer: ReturnType<typeof setInterval> | undefined;

  const attempt = (): void => void look().catch(() => undefined);

  const begin = (): void => {
    timer = setInterval(attempt, LOOK_EVERY_MS);
    timer.unref();
    attempt();
  };

  const end = (): void => {
    clearInterval(timer);
    timer = undefined;
    forget();
  };

  return {
    tell: listeners.tell,
    listen(onNews) {
      const endListening = listeners.add(onNews);
      if (!timer) begin();
      return () => {
        endListening();
        if (listeners.count() === 0) end();
      };
    },
    look() {
      if (timer) attempt();
    },
    close() {
      listeners.clear();
      end();
    },
  };
}
