/** The source of the emulator's time. */
export interface Clock {
  /** ms since the epoch. All progress depends on it. */
  now(): number;
  /**
   * Resolves after the time has passed, rejects when aborted. With it, a reboot ends on its own while the emulator
   * listens. Without it, a reboot ends at `Supervisor.finishReboot()`, or at the first access after `rebootDurationMs`.
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
        reject(new Error('The wait was aborted.'));
      });
    }),
};
