import type { Clock } from './clock.js';

/** The time a device is away to reboot: what ends it, and who waits for that. */
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

  /** Boots the device by itself once the clock has slept, if it can. Without anybody to notice, it would be of no use. */
  awaitEnd(): void {
    if (this.#awaited || !this.#clock.sleep || this.#durationMs === Infinity) return;
    this.#awaited = true;
    this.#clock.sleep(this.#durationMs, this.#wait.signal).then(this.#boot, () => undefined);
  }

  /** Lets go of the timer, as nobody listens any more. */
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
