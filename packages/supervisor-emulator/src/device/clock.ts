/** Where the emulator takes the time from. */
export interface Clock {
  /** ms since the epoch. All progress is derived from it. */
  now(): number;
  /**
   * Resolves after the time has passed, rejects when aborted. It ends a reboot by itself while the emulator listens;
   * on a clock without it, `Supervisor.finishReboot()` does, or the next look at the emulator after `rebootDurationMs`.
   */
  sleep?(ms: number, signal: AbortSignal): Promise<void>;
}

/** The system's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new Error('The wait was given up.'));
      });
    }),
};
