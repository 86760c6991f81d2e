import type { Clock } from './clock.js';

/** The time during which a device is away, and its end. */
export class Outage {
  /** Settles when the device answers again. */
  readonly over: Promise<void>;
  readonly #settle: (back: Promise<void>) => void;
  readonly #clock: Clock;
  readonly #durationMs: number;
  readonly #boot: () => void;
  readonly #wait = new AbortController();
  #awaited = false;

  constructor(clock: Clock, durationMs: number, boot: () => void) {
    let settle: (back: Promise<void>) => void = () => undefined;
    this.over = new Promise<void>((resolve) => {
      settle = resolve;
    });
    this.#settle = settle;
    this.#clock = clock;
    this.#durationMs = durationMs;
    this.#boot = boot;
  }

  /** Ends the outage after a sleep of the clock, if the clock can sleep. Called only if something waits for it. */
  awaitEnd(): void {
    if (this.#awaited || !this.#clock.sleep || this.#durationMs === Infinity) return;
    this.#awaited = true;
    this.#clock.sleep(this.#durationMs, this.#wait.signal).then(this.#boot, () => undefined);
  }

  /** Cancels the timer when nobody listens any longer. */
  giveUp(): void {
    this.#wait.abort();
  }

  /** The device has booted: it is back when its listeners are. */
  async end(listenersBack: readonly Promise<void>[]): Promise<void> {
    this.#wait.abort();
    this.#settle(Promise.all(listenersBack).then(() => undefined));
    await this.over.catch(() => undefined);
  }
}
