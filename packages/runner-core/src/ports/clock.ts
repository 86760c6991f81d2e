/** Time as BaseRunner sees it; a simulation brings its own. */
export interface Clock {
  /** Milliseconds since the epoch. It may jump, so no wait is ever computed from it. */
  wallMs(): number;
  /** Milliseconds that only ever grow. */
  monotonicMs(): number;
  /** Resolves after `durationMs`, never before, or at once when `signal` aborts. It never rejects. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** The longest that a timer of JavaScript can wait; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Resolves after `durationMs`, never before, or at once when `signal` aborts. */
export async function sleep(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    // A timer drops the fraction and may fire up to a millisecond early: a caller that woke early would have to sleep again.
    const timer = setTimeout(end, Math.min(Math.ceil(durationMs) + 1, longestTimerMs));
    signal?.addEventListener('abort', end);
  });
}

/** The time of this machine. */
export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep,
};
