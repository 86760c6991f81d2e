export interface RateLimit {
  /** How long until the key may go on; 0 where it may now. */
  waitMs(key: string, nowMs: number): number;
  count(key: string, nowMs: number): void;
  /** Counts where the key may go on, and tells how long to wait where it may not: so none gets in while others are judged. */
  take(key: string, nowMs: number): number;
  /** Undoes a count, within its window. */
  giveBack(key: string, nowMs: number): void;
}

export interface RateLimitOptions {
  /** Within a window, which starts with a key's first count. */
  max: number;
  windowMs: number;
  /** Beyond so many, those counted longest ago are forgotten, so that nobody can fill the memory. */
  keysMax: number;
}

/** Counts in this process's memory: what other processes count does not show here. Keys must be short. */
export function createRateLimit({ max, windowMs, keysMax }: RateLimitOptions): RateLimit {
  const windows = new Map<string, { startMs: number; count: number }>();

  const openWindow = (key: string, nowMs: number) => {
    const found = windows.get(key);
    // A clock that was set back must not keep a window open.
    return found && nowMs - found.startMs < windowMs && nowMs >= found.startMs ? found : undefined;
  };

  const waitMs = (key: string, nowMs: number): number => {
    const found = openWindow(key, nowMs);
    return found && found.count >= max ? found.startMs + windowMs - nowMs : 0;
  };

  const count = (key: string, nowMs: number): void => {
    const found = openWindow(key, nowMs) ?? { startMs: nowMs, count: 0 };
    found.count += 1;
    windows.delete(key);
    windows.set(key, found);
    if (windows.size <= keysMax) return;
    const [oldest] = windows.keys();
    if (oldest !== undefined) windows.delete(oldest);
  };

  return {
    waitMs,
    count,
    take(key, nowMs) {
      const leftMs = waitMs(key, nowMs);
      if (leftMs === 0) count(key, nowMs);
      return leftMs;
    },
    giveBack(key, nowMs) {
      const found = openWindow(key, nowMs);
      if (found && found.count > 0) found.count -= 1;
    },
  };
}
