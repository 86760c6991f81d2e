export interface RateLimit {
  /** How long until the key may continue; 0 if it may now. */
  waitMs(key: string, nowMs: number): number;
  count(key: string, nowMs: number): void;
  /**
   * Counts if the key may continue, and otherwise returns how long to wait. One step, so that simultaneous requests
   * cannot exceed the limit.
   */
  take(key: string, nowMs: number): number;
  /** Undoes a count, within its window. */
  giveBack(key: string, nowMs: number): void;
}

export interface RateLimitOptions {
  /** Within a window, which starts with a key's first count. */
  max: number;
  windowMs: number;
  /** Above this number, the oldest keys are dropped, so that the memory stays bounded. */
  keysMax: number;
}

/** Counts in the memory of this process only. Keys must be short. */
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
