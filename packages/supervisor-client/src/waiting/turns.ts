/** Runs one task at a time, in order. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isBusy = false;

  /**
   * Runs `work` when all earlier tasks have ended, successfully or not. If `signal` aborts while it waits, it leaves the
   * queue: it rejects with the signal's reason, and `work` is never started.
   */
  async take<Result>(work: () => Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#isBusy) await this.#wait(signal);
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(signal?.reason);
      };
      this.#waiting.push(begin);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** The turn stays taken while it is passed on, so that no other task can start in between. */
  #passOn(): void {
    const begin = this.#waiting.shift();
    if (begin === undefined) this.#isBusy = false;
    else begin();
  }
}
