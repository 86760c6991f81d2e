import type { JournalEntry } from './journal-entry.js';

/**
 * How far the reading of a journal has come, by the cursors of the entries that were seen last. Times would not do: the
 * clock of a device jumps when it first learns the time, and back after a reboot without one.
 */
export class JournalPosition {
  /** The number of the stream that each came by, oldest entry first. */
  readonly #streams = new Map<string, number>();
  readonly #kept: number;
  #stream = 0;

  /** @param kept how many entries are remembered */
  constructor(kept: number) {
    this.#kept = kept;
  }

  /** How many entries in a row, up to the last one, are remembered. */
  get length(): number {
    return this.#streams.size;
  }

  /** From now on entries come by another stream. */
  beginStream(): void {
    this.#stream += 1;
  }

  /** Whether an earlier stream has had the entry. */
  isKnown({ cursor }: JournalEntry): boolean {
    const stream = cursor === undefined ? undefined : this.#streams.get(cursor);
    return stream !== undefined && stream < this.#stream;
  }

  /** Remembers an entry as the last one. */
  add({ cursor }: JournalEntry): void {
    if (cursor === undefined) return;
    this.#streams.set(cursor, this.#stream);
    const oldest = this.#streams.keys().next();
    if (this.#streams.size > this.#kept && oldest.done !== true) this.#streams.delete(oldest.value);
  }
}
