import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import { type LockState, restMs, stateAfterFailure } from './lock-state.js';
import type { HeldLock, TakeServiceLock } from './service-lock.js';

export interface LockKeeperParts {
  take: TakeServiceLock;
  clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  logger: Logger;
  onChange: (state: LockState) => void;
  /** Ends the keeping. A lock that is held stays, so that releases wait until the next agent runs. */
  stopping: AbortSignal;
}

/**
 * Keeps the update lock of our service taken for as long as it is wanted, and released otherwise, and looks at it every five
 * seconds: a forced update replaces the lock without a word. It never touches a file of the Supervisor or of anybody else,
 * and waits until that is gone.
 */
export class LockKeeper {
  readonly #parts: LockKeeperParts;
  #isWanted = false;
  #lock: HeldLock | undefined;
  #state: LockState = { kind: 'released' };
  #sinceMs: number;
  /** One step after the other. */
  #lastStep: Promise<void> = Promise.resolve();
  #isKeeping = false;
  #woken = new AbortController();

  constructor(parts: LockKeeperParts) {
    this.#parts = parts;
    this.#sinceMs = parts.clock.monotonicMs();
    parts.stopping.addEventListener('abort', () => this.#woken.abort(), { once: true });
  }

  get state(): LockState {
    return this.#state;
  }

  /** Takes the lock, now or as soon as that is possible. Resolves after the first attempt, and never rejects. */
  async hold(): Promise<LockState> {
    return this.#want(true);
  }

  /** Releases the lock. Resolves after the first attempt, and never rejects. */
  async release(): Promise<LockState> {
    return this.#want(false);
  }

  /**
   * Removes a lock that an agent before this one has left behind. What cannot be removed stays, and so does the lock of a
   * process that still runs.
   */
  async clear(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#lock !== undefined || this.#isWanted) return;
      try {
        const lock = await this.#parts.take();
        await lock.release();
      } catch {
        // Whatever is there was not left behind, or this is no place for locks.
      }
    });
  }

  async #want(isWanted: boolean): Promise<LockState> {
    if (this.#isWanted !== isWanted) this.#sinceMs = this.#parts.clock.monotonicMs();
    this.#isWanted = isWanted;
    await this.#inTurn(async () => this.#step());
    this.#woken.abort();
    if (!this.#isKeeping) void this.#keep();
    return this.#state;
  }

  async #keep(): Promise<void> {
    const { clock, stopping } = this.#parts;
    this.#isKeeping = true;
    for (;;) {
      this.#woken = new AbortController();
      const pauseMs = restMs(this.#state, this.#isWanted, clock.monotonicMs() - this.#sinceMs);
      if (pauseMs === undefined || stopping.aborted) break;
      await clock.sleep(pauseMs, this.#woken.signal);
      if (stopping.aborted) break;
      if (!this.#woken.signal.aborted) await this.#inTurn(async () => this.#step());
    }
    this.#isKeeping = false;
  }

  /** One step towards what is wanted. */
  async #step(): Promise<void> {
    // A lock that was taken after the stop would be in nobody's care, and one that is released then would let a release through.
    if (this.#parts.stopping.aborted) return;
    try {
      if (this.#isWanted) await this.#take();
      else await this.#letGo();
    } catch (error) {
      this.#enter(stateAfterFailure(error));
    }
  }

  async #take(): Promise<void> {
    if (this.#lock !== undefined) {
      if (await this.#lock.isHeld()) return this.#enter({ kind: 'held' });
      this.#parts.logger.warn(
        'The update lock of this service was overridden: a forced update, restart or reboot deletes it. BaseRunner takes it again as soon as it can.',
      );
      await this.#letGo();
    }
    this.#lock = await this.#parts.take();
    this.#enter({ kind: 'held' });
  }

  async #letGo(): Promise<void> {
    const lock = this.#lock;
    await lock?.release();
    // A lock that could not be released is tried again.
    this.#lock = undefined;
    if (!this.#isWanted) this.#enter({ kind: 'released' });
  }

  #enter(state: LockState): void {
    const isSame = JSON.stringify(state) === JSON.stringify(this.#state);
    this.#state = state;
    if (isSame) return;
    this.#sinceMs = this.#parts.clock.monotonicMs();
    this.#parts.onChange(state);
  }

  async #inTurn(task: () => Promise<void>): Promise<void> {
    this.#lastStep = this.#lastStep.then(task, task);
    return this.#lastStep;
  }
}
