import type { Clock } from '../src/ports/clock.js';

interface Sleeper {
  wakeMs: number;
  wake: () => void;
}

/** Time that passes only when a test lets it. Everything that is due happens in order, however long the wait. */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #wallOffsetMs = Date.parse('2026-11-23T12:00:00Z');
  readonly #sleepers = new Set<Sleeper>();

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallOffsetMs + this.#nowMs;
  }

  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const sleeper = {
        wakeMs: this.#nowMs + durationMs,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', sleeper.wake);
    });
  }

  /** Waits that are under way. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** The wall clock alone jumps, as when NTP sets it. */
  jumpWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** Lets time pass, and everything that is due in it happen. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await settled();
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.wakeMs);
      next.wake();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Sleeper | undefined {
    const due = [...this.#sleepers].filter(({ wakeMs }) => wakeMs <= untilMs);
    return due.toSorted((one, other) => one.wakeMs - other.wakeMs)[0];
  }
}

/** All that follows from what has happened, in memory: no test of these waits for a disk or a network. */
const settled = async (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
