import type { Clock } from './clock.js';

/**
 * The emulated time, and the waits in it. With a clock that cannot sleep, nothing waits: time jumps to where a wait would have
 * ended, and stays there until the clock has caught up.
 */
export class Timeline {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #present = new AbortController();
  #leaptTo = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** ms since the epoch. */
  now(): number {
    return Math.max(this.#clock.now(), this.#leaptTo);
  }

  /** Something has changed: every wait ends and checks again. */
  wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    waiting.forEach((look) => look());
  }

  /**
   * Resolves at this moment or at the next change, whichever comes first; at `Infinity`, at the next change. On a clock that
   * cannot sleep any other moment is now. Rejects when aborted.
   */
  async until(moment: number, signal?: AbortSignal): Promise<void> {
    const remainingMs = moment - this.now();
    if (remainingMs <= 0) return;
    if (Number.isFinite(moment) && !this.#clock.sleep) {
      this.#leaptTo = moment;
      return;
    }
    const over = new AbortController();
    const either = AbortSignal.any([over.signal, this.#present.signal, ...(signal ? [signal] : [])]);
    const sleep = Number.isFinite(moment) ? [this.#clock.sleep?.(remainingMs, either)] : [];
    await Promise.race([this.#change(either), ...sleep]).finally(() => over.abort());
  }

  /** Ends every wait with an error when the last listener is closed. */
  giveUp(): void {
    this.#present.abort(new Error('The Supervisor is gone.'));
    this.#present = new AbortController();
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiting.delete(look);
        reject(signal.reason as Error);
      };
      const look = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(look);
    });
  }
}
