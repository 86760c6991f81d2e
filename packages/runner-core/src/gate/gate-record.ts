import type { Clock } from '../ports/clock.js';
import type { GateMemoryStore } from './gate-memory-file.js';
import { blankMemory, type GateMemory, isCrashLoop, withoutStart, withProof, withStart } from './gate-memory.js';
import { isTooSilent, nextNoteMs } from './silence.js';

/** What is counted of the starts and the silence on a gated device, and stored of it: seldom, and only what changes. */
export class GateRecord {
  readonly #parts: { store: GateMemoryStore; clock: Pick<Clock, 'monotonicMs'>; opensAfterMs: number };
  #memory: GateMemory = blankMemory;
  #stored: GateMemory | undefined;
  /** As of when the memory counts, by the monotonic clock. */
  #asOfMs: number;
  #lastStore: Promise<void> = Promise.resolve();

  constructor(parts: { store: GateMemoryStore; clock: Pick<Clock, 'monotonicMs'>; opensAfterMs: number }) {
    this.#parts = parts;
    this.#asOfMs = parts.clock.monotonicMs();
  }

  /** What the agents before this one have left. */
  async load(): Promise<{ isCrashLoop: boolean; isTooSilent: boolean }> {
    this.#memory = await this.#parts.store.load();
    this.#stored = this.#memory;
    const found = { isCrashLoop: isCrashLoop(this.#memory), isTooSilent: this.isTooSilent };
    this.#memory = withStart(this.#memory);
    return found;
  }

  get isTooSilent(): boolean {
    return isTooSilent(this.#memory, this.#parts.opensAfterMs);
  }

  /** The agent works. Returns whether that was not known. */
  prove(): boolean {
    if (this.#memory.unprovenStarts === 0) return false;
    this.#memory = withProof(this.#memory);
    this.save();
    return true;
  }

  /** The agent is told to stop. */
  noteStop(): void {
    if (this.#memory.unprovenStarts === 0) return;
    this.#memory = withoutStart(this.#memory);
    this.save();
  }

  /** Cloudly has answered. */
  hear(): void {
    this.#asOfMs = this.#parts.clock.monotonicMs();
    this.#memory = { ...this.#memory, silentMs: 0 };
    if (this.#stored !== undefined && this.#stored.silentMs > 0) this.save();
  }

  /** Notes the time without an answer, if it is time for that. */
  noteSilence(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const sinceMs = nowMs - this.#asOfMs;
    if (sinceMs < nextNoteMs(this.#memory, this.#parts.opensAfterMs)) return;
    this.#asOfMs = nowMs;
    this.#memory = { ...this.#memory, silentMs: this.#memory.silentMs + sinceMs };
    this.save();
  }

  /** Stores the memory as it is now. */
  save(): void {
    const memory = this.#memory;
    this.#stored = memory;
    this.#lastStore = this.#lastStore.then(async () => this.#parts.store.store(memory));
  }

  /** Resolves when nothing is being written. */
  async saved(): Promise<void> {
    await this.#lastStore;
  }
}
