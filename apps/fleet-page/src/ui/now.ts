import { signal } from '@preact/signals';

const TICK_MS = 5000;

/** The time, as what tells of it is drawn anew: every few seconds while somebody looks. */
export const now = signal(Date.now());

export function beginClock(): void {
  const tick = (): void => {
    if (document.visibilityState === 'visible') now.value = Date.now();
  };
  setInterval(tick, TICK_MS);
  document.addEventListener('visibilitychange', tick);
}
