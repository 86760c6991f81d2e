import { setImmediate, setTimeout } from 'node:timers/promises';

/** A clock that advances only while something waits for it, so that an hour of the emulator takes no time here. */
export class VirtualClock {
  readonly #sleepers = new Set<{ wakesAt: number; wake: () => void }>();
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const sleeper = { wakesAt: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      const giveUp = (): void => {
        if (this.#sleepers.delete(sleeper)) reject(signal.reason as Error);
      };
      signal.addEventListener('abort', giveUp, { once: true });
    });

  /** Lets this much time pass; each sleeper wakes at its moment and does its work. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await letWork(fewTurns);
      if (!this.#wakeNext(until)) break;
    }
    this.#now = Math.max(this.#now, until);
  }

  /**
   * The result of something that may sleep, or undefined if it has none after this much time. Time passes no further than
   * to the result.
   */
  async outcomeOf<Result>(work: Promise<Result>, patienceMs: number): Promise<{ result: Result } | undefined> {
    const until = this.#now + patienceMs;
    let settled: { result: Promise<Result> } | undefined;
    const settle = (): void => {
      settled = { result: work };
    };
    work.then(settle, settle);
    for (;;) {
      await letWork(manyTurns, () => settled !== undefined);
      if (settled) return { result: await settled.result };
      if (this.#wakeNext(until)) continue;
      // Nothing sleeps; but some work, such as unpacking a body, is done beside this thread.
      await setTimeout(graceMs);
      if (settled) return { result: await (settled as { result: Promise<Result> }).result };
      if (this.#sleepers.size > 0 && this.#wakeNext(until)) continue;
      this.#now = Math.max(this.#now, until);
      return undefined;
    }
  }

  #wakeNext(until: number): boolean {
    const [next] = [...this.#sleepers].toSorted((one, other) => one.wakesAt - other.wakesAt);
    if (!next || next.wakesAt > until) return false;
    this.#sleepers.delete(next);
    this.#now = Math.max(this.#now, next.wakesAt);
    next.wake();
    return true;
  }
}

/** Lets everything that is ready continue, until it is enough. */
async function letWork(turns: number, isEnough: () => boolean = () => false): Promise<void> {
  for (let turn = 0; turn < turns && !isEnough(); turn += 1) await setImmediate();
}

const fewTurns = 12;
const manyTurns = 60;
const graceMs = 40;
