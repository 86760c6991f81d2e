import type { Clock } from '../src/ports/clock.js';

interface Sleeper {
  wakeMs: number;
  /** Of two that are due at once, the one that fell asleep first wakes first. */
  order: number;
  isAwake: boolean;
  wake: () => void;
}

/**
 * Time that passes only when a test lets it. Everything that is due happens in order, however long the wait, and however
 * many sleep: the sleepers are a binary heap, the next to wake on top.
 */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #wallOffsetMs = Date.parse('2026-11-23T12:00:00Z');
  readonly #heap: Sleeper[] = [];
  #order = 0;
  #sleeping = 0;

  monotonicMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallOffsetMs + this.#nowMs;
  }

  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      this.#order += 1;
      const sleeper: Sleeper = {
        wakeMs: this.#nowMs + durationMs,
        order: this.#order,
        isAwake: false,
        wake: () => {
          sleeper.isAwake = true;
          this.#sleeping -= 1;
          signal.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleeping += 1;
      this.#push(sleeper);
      // A sleeper that is woken early stays in the heap until it would have been due.
      signal.addEventListener('abort', sleeper.wake);
    });
  }

  /** Waits that are under way. */
  get sleeping(): number {
    return this.#sleeping;
  }

  /** The wall clock alone jumps, as when NTP sets it. */
  jumpWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** Lets time pass, and everything that is due in it happen. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await settled();
    for (let next = this.#pop(untilMs); next; next = this.#pop(untilMs)) {
      if (next.isAwake) continue;
      this.#nowMs = Math.max(this.#nowMs, next.wakeMs);
      next.wake();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  #push(sleeper: Sleeper): void {
    const heap = this.#heap;
    let place = heap.push(sleeper) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isBefore(heap, place, parent)) return;
      swap(heap, place, parent);
      place = parent;
    }
  }

  /** The one that is due first, if that is until then. */
  #pop(untilMs: number): Sleeper | undefined {
    const heap = this.#heap;
    const [first] = heap;
    if (first === undefined || first.wakeMs > untilMs) return undefined;
    swap(heap, 0, heap.length - 1);
    heap.pop();
    for (let place = 0; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const child = isBefore(heap, right, left) ? right : left;
      if (!isBefore(heap, child, place)) return first;
      swap(heap, child, place);
      place = child;
    }
  }
}

function isBefore(heap: readonly Sleeper[], place: number, other: number): boolean {
  const [one, two] = [heap[place], heap[other]];
  if (one === undefined || two === undefined) return false;
  return one.wakeMs === two.wakeMs ? one.order < two.order : one.wakeMs < two.wakeMs;
}

function swap(heap: Sleeper[], place: number, other: number): void {
  [heap[place], heap[other]] = [heap[other] as Sleeper, heap[place] as Sleeper];
}

/** Runs all in-memory consequences of past events: none of these tests waits for a disk or a network. */
async function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
