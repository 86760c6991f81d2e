import type { StartTimer } from '@serve.zone/baseos-cloudly-handlers/mounting';

/** Resolves after a time, or when the signal aborts. */
export function pause(startTimer: StartTimer, durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      stopTimer();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const stopTimer = startTimer(durationMs, end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
