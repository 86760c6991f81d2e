import type { Clock } from '../src/ports/clock.js';
import type { Watchdog } from '../src/ports/watchdog.js';

/** A watchdog that ends nothing and remembers when it would have. */
export class VirtualWatchdog implements Watchdog {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #hangsAtMs: number | undefined;
  #hasBitten = false;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  expect(nextWithinMs: number): void {
    this.#hasBitten = this.hasBitten;
    this.#hangsAtMs = this.#clock.monotonicMs() + nextWithinMs;
  }

  rest(): void {
    this.#hasBitten = this.hasBitten;
    this.#hangsAtMs = undefined;
  }

  get isAtRest(): boolean {
    return this.#hangsAtMs === undefined;
  }

  /** Whether it ever took the agent for hung. */
  get hasBitten(): boolean {
    return this.#hasBitten || (this.#hangsAtMs !== undefined && this.#clock.monotonicMs() > this.#hangsAtMs);
  }
}
